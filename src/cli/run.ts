import { type Command, CommanderError } from "commander";
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
  try {
    await program.parseAsync(argv, { from: "user" });
    return ExitCode.ok;
  } catch (thrown) {
    if (thrown instanceof CommanderError) return reportUsage(thrown, program, argv);
    const failure = describeFailure(thrown, { stack: process.env.FOVEA_DEBUG === "1" });
    process.stderr.write(failure.text);
    return failure.exitCode;
  }
}

/** Help and version come this way too: their text is printed by commander already. */
function reportUsage(error: CommanderError, program: Command, argv: readonly string[]): number {
  if (error.exitCode === 0) return ExitCode.ok;
  if (error.code !== "commander.help") {
    const sentence = error.message
      .replace(/^error: /, "")
      .replace(/\s*\n\s*/g, " ")
      .replace(/([^.)?])$/, "$1.");
    process.stderr.write(`fovea: ${sentence} See: ${commandPath(program, argv)} --help\n`);
  }
  return ExitCode.usage;
}

/** The command that a command line leads to, for example `fovea data check`. */
function commandPath(program: Command, argv: readonly string[]): string {
  const path = [program.name()];
  let command = program;
  for (const word of argv.filter((argument) => !argument.startsWith("-"))) {
    const next = command.commands.find((candidate) => candidate.name() === word);
    if (next === undefined) break;
    path.push(word);
    command = next;
  }
  return path.join(" ");
}
