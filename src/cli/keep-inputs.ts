import { resolve } from "node:path";
import { FoveaError } from "../core/index.ts";

/**
 * Refuses to write over what is read.
 *
 * @param how ends the sentence that begins "… would be written over"
 * @throws FoveaError `output-is-input`
 */
export function keepInputs(output: string, inputs: readonly string[], how: string): void {
  const input = inputs.find((file) => resolve(file) === resolve(output));
  if (input !== undefined) throw new FoveaError("output-is-input", `${input} would be written over ${how}`);
}
