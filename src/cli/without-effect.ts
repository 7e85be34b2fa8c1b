import type { Command } from "commander";
import type { GlobalOptions } from "./options.ts";
import { note } from "./output.ts";

/** Those of some options, by their names in the code, that somebody gave, as they are written: "--val-people". */
export function givenOf(command: Command, names: readonly string[]): string[] {
  return command.options.flatMap((option) => {
    const name = option.attributeName();
    const isGiven = names.includes(name) && command.getOptionValueSource(name) === "cli";
    return isGiven ? [option.long!] : [];
  });
}

/** Says on stderr that options have no effect, if there are any. @param why ends the sentence: "with body, which …" */
export function noteWithoutEffect(given: readonly string[], why: string, options: GlobalOptions): void {
  if (given.length > 0) note(`${given.join(", ")}: no effect ${why}.`, options);
}
