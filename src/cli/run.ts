import { existsSync } from "node:fs";
import { type Command, CommanderError } from "commander";
import { misspeltCommand, nearestCommand, pathOf } from "./check-arguments.ts";
import { ExitCode } from "./exit-code.ts";
import { describeFailure } from "./failure.ts";
import { createProgram } from "./program.ts";

/**
 * Runs one command line and reports what went wrong in one sentence on stderr.
 *
 * @param argv - The words after `fovea`.
 * @returns The exit code: see {@link ExitCode}.
 */
export async function run(argv: readonly string[]): Promise<number> {
  const program = createProgram();
  const asksForHelp = argv[0] === "help";
  const words = asksForHelp ? argv.slice(1) : argv;
  try {
    if (asksForHelp) showHelp(program, words);
    else await program.parseAsync(words, { from: "user" });
    return ExitCode.ok;
  } catch (thrown) {
    if (thrown instanceof CommanderError) return reportUsage(thrown, program, words);
    const failure = describeFailure(thrown, { stack: process.env.FOVEA_DEBUG === "1" });
    process.stderr.write(failure.text);
    return failure.exitCode;
  }
}

/** `fovea help detect train`: commander's own takes the first word only. */
function showHelp(program: Command, words: readonly string[]): void {
  const { command, rest } = follow(program, words);
  const [unknown] = rest;
  if (unknown === undefined) {
    command.outputHelp();
    return;
  }
  const nearest = nearestCommand(command, unknown);
  const remedy =
    nearest === undefined ? "" : `; did you mean \`fovea help${nearest.slice("fovea".length)}\`?`;
  command.error(`error: \`${pathOf(command)}\` has no sub-command '${unknown}'${remedy}`);
}

/** Help and version come this way too: their text is printed by commander already. */
function reportUsage(error: CommanderError, program: Command, words: readonly string[]): number {
  if (error.exitCode === 0) return ExitCode.ok;
  if (error.code !== "commander.help") {
    const { command } = follow(program, words);
    const sentence = usageSentence(error, command, words)
      .replace(/^error: /, "")
      .replace(/\s*\n\s*/g, " ")
      .replace(/([^.)?])$/, "$1.");
    process.stderr.write(`fovea: ${sentence} See: ${pathOf(command)} --help\n`);
  }
  return ExitCode.usage;
}

/** What commander says, or what is more likely to be meant. */
function usageSentence(
  { code, message }: CommanderError,
  command: Command,
  words: readonly string[],
): string {
  switch (code) {
    case "commander.excessArguments":
    case "commander.missingArgument":
      return misspeltCommand(command) ?? message;
    case "commander.unknownOption": {
      const misspelt = misspeltCommand(command);
      if (misspelt !== undefined) return misspelt;
      // Of -quiet.jpg the q is an option, and the rest is told of.
      const rest = /unknown option '-([^']*)'/.exec(message)?.[1] ?? "";
      const file = words.find((word) => word.startsWith("-") && word.endsWith(rest) && existsSync(word));
      return file === undefined ? message : `${message}; a file of that name is ./${file}`;
    }
    default:
      return message;
  }
}

/** The command that words lead to, options left out, and the words behind its name. */
function follow(program: Command, words: readonly string[]): { command: Command; rest: string[] } {
  const rest = words.filter((word) => !word.startsWith("-"));
  let command = program;
  while (rest.length > 0) {
    const next = command.commands.find((candidate) => candidate.name() === rest[0]);
    if (next === undefined) break;
    command = next;
    rest.shift();
  }
  return { command, rest };
}
