import { realpathSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { FoveaError } from "./errors.ts";

/**
 * Refuses to write over what is read.
 *
 * @param how ends the sentence that begins "… would be written over"
 * @throws FoveaError `output-is-input`
 */
export function keepInputs(output: string, inputs: readonly string[], how: string): void {
  const written = realPath(output);
  const input = inputs.find((file) => realPath(file) === written);
  if (input !== undefined) throw new FoveaError("output-is-input", `${input} would be written over ${how}`);
}

/** A path without symbolic links, as far as it exists: one file may have several paths. */
export function realPath(path: string): string {
  const whole = resolve(path);
  try {
    return realpathSync(whole);
  } catch {
    const folder = dirname(whole);
    return folder === whole ? whole : join(realPath(folder), basename(whole));
  }
}
