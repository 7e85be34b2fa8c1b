import { join } from "node:path";
import { FoveaError } from "../core/index.ts";
import { hasCheckpoint } from "./run-folder.ts";

/**
 * Makes sure that an evaluation's report does not replace a training's, which has the same name.
 *
 * @throws FoveaError `output-exists`
 */
export async function requireNoRun(out: string | undefined): Promise<void> {
  if (out === undefined || !hasCheckpoint(out)) return;
  throw new FoveaError(
    "output-exists",
    `${out} holds a training and its report; name another folder, such as --out ${join(out, "eval")}.`,
  );
}
