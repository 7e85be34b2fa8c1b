import type { Option } from "commander";

/** Words that a shell takes as they are. */
const PLAIN = /^[\w@%+=:,./-]+$/;

/**
 * The command line that was given, to go on with: the same words and `--resume`, ready for a shell.
 *
 * @param idle options that mean nothing when it goes on: they are left out, with their values
 */
export function resumeLine(
  words: readonly string[] = process.argv.slice(2),
  idle: readonly Option[] = [],
): string {
  const given = withoutOptions(words, idle).filter((word) => word !== "--resume");
  const end = given.includes("--") ? given.indexOf("--") : given.length; // behind it nothing is an option
  return ["fovea", ...given.slice(0, end), "--resume", ...given.slice(end)].map(quoted).join(" ");
}

function withoutOptions(words: readonly string[], options: readonly Option[]): string[] {
  const kept: string[] = [];
  const rest = [...words];
  while (rest.length > 0 && rest[0] !== "--") {
    const word = rest.shift()!;
    const [flag] = word.split("=", 1);
    const option = options.find(({ short, long }) => flag === short || flag === long);
    if (!option) kept.push(word);
    else if (flag === word) {
      if (option.required) rest.shift();
      while ((option.optional || option.variadic) && rest.length > 0 && !rest[0].startsWith("-"))
        rest.shift();
    }
  }
  return [...kept, ...rest];
}

/** A word as a shell takes it. */
export function quoted(word: string): string {
  if (PLAIN.test(word)) return word;
  if (process.platform === "win32") return `"${word}"`;
  return `'${word.replaceAll("'", `'\\''`)}'`;
}
