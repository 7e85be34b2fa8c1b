import { readFile } from "node:fs/promises";
import { FoveaError, messageOf } from "../core/index.ts";
import { runPaths } from "./run.ts";

/**
 * The best model of the run in `out`, to be measured in the end. It may be gone where a run that is complete is resumed.
 * @throws FoveaError `model-missing`
 */
export async function readBest(out: string): Promise<Uint8Array> {
  const { best } = runPaths(out);
  return readFile(best).catch((cause: NodeJS.ErrnoException) => {
    throw new FoveaError(
      "model-missing",
      `The best model of the run, \`${best}\`, cannot be opened (${cause.code ?? messageOf(cause)}): put it back there, or start a new run.`,
      { cause },
    );
  });
}
