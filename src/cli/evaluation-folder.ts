import { join } from "node:path";
import { FoveaError } from "../core/index.ts";
import { requireWritableFolder } from "./new-folder.ts";
import { hasCheckpoint } from "./run-folder.ts";

/**
 * Makes sure, before any work, that an evaluation's report can be written, and that it does not replace a training's, which has
 * the same name.
 *
 * @throws FoveaError `output-exists`, `output-unwritable`
 */
export async function requireEvaluationFolder(out: string | undefined): Promise<void> {
  if (out === undefined) return;
  if (hasCheckpoint(out)) {
    throw new FoveaError(
      "output-exists",
      `${out} holds a training and its report; name another folder, such as --out ${join(out, "eval")}.`,
    );
  }
  await requireWritableFolder(out);
}
