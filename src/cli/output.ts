import { eraseProgress } from "./progress.ts";

/** Writes one line (or several) of results to stdout. */
export function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** Writes a value as the one JSON document on stdout. */
export function printJson(value: unknown): void {
  print(JSON.stringify(value, null, 2));
}

/** Says something beside the results, on stderr, in place of progress that is shown there, unless asked to be quiet. */
export function note(text: string, { quiet = false }: { quiet?: boolean }): void {
  if (quiet) return;
  eraseProgress();
  process.stderr.write(`${text}\n`);
}
