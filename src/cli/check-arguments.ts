import { existsSync } from "node:fs";
import type { Command } from "commander";
import { editDistance } from "../core/index.ts";

/** So many letters may be wrong in a word for it to be a misspelt sub-command. */
const MISSPELT_LETTERS = 2;

/** Refuses, before any work, arguments that look like something else than the files that they stand for. */
export function checkArguments(command: Command): void {
  const misspelt = misspeltCommand(command);
  if (misspelt !== undefined) command.error(`error: ${misspelt}`);
  if (command.args.includes("-")) {
    command.error("error: '-' names no file, and stdin is not read; a file of that name is ./-");
  }
}

/** What to say of a first argument that is no file but almost a sub-command of the command; undefined of another. */
export function misspeltCommand(command: Command): string | undefined {
  const [word] = command.args;
  if (word === undefined || word.startsWith("-") || existsSync(word)) return undefined;
  const name = nearestCommand(command, word);
  return name && `\`${word}\` is no file; did you mean \`${name}\`?`;
}

/** The sub-command whose name is most like a word, with the words that lead to it: `fovea detect train`. */
export function nearestCommand(command: Command, word: string): string | undefined {
  const [nearest] = command.commands
    .map((child) => ({ child, letters: editDistance(word.toLowerCase(), child.name()) }))
    .filter(({ letters }) => letters <= MISSPELT_LETTERS)
    .sort((a, b) => a.letters - b.letters);
  return nearest && pathOf(nearest.child);
}

/** The words that lead to a command, for example `fovea data check`. */
export function pathOf(command: Command): string {
  return command.parent ? `${pathOf(command.parent)} ${command.name()}` : command.name();
}
