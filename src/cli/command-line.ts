/** Words that a shell takes as they are. */
const PLAIN = /^[\w@%+=:,./-]+$/;

/** The command line that was given, to go on with: the same words and `--resume`, ready for a shell. */
export function resumeLine(words: readonly string[] = process.argv.slice(2)): string {
  const given = words.filter((word) => word !== "--resume");
  const end = given.includes("--") ? given.indexOf("--") : given.length; // behind it nothing is an option
  return ["fovea", ...given.slice(0, end), "--resume", ...given.slice(end)].map(quoted).join(" ");
}

function quoted(word: string): string {
  if (PLAIN.test(word)) return word;
  if (process.platform === "win32") return `"${word}"`;
  return `'${word.replaceAll("'", `'\\''`)}'`;
}
