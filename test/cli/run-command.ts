import { Command } from "commander";
import { vi } from "vitest";
import { quietOption } from "../../src/cli/options.ts";

/** Adds a command to the one above it. */
export type AddCommand = (parent: Command) => void;

/** Runs a command line in this process, quietly; what is wrong with it is thrown, and printed nowhere. */
export async function runCommand(
  add: AddCommand | readonly AddCommand[],
  words: readonly string[],
): Promise<void> {
  const program = new Command()
    .addOption(quietOption())
    .exitOverride()
    .configureOutput({ outputError: () => {} });
  for (const each of [add].flat()) each(program); // commands inherit what was said before
  await program.parseAsync(["--quiet", ...words], { from: "user" });
}

/** Keeps what is written to stdout from the terminal, until mocks are restored. @returns tells what was written so far */
export function listenToStdout(): () => string {
  const written: string[] = [];
  vi.spyOn(process.stdout, "write").mockImplementation((text) => written.push(String(text)) > 0);
  return () => written.join("");
}
