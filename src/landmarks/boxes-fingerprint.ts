import { createHash } from "node:crypto";
import { FoveaError } from "../core/index.ts";
import type { PointDataset } from "../data/index.ts";
import type { Recipe } from "./recipe.ts";
import type { GivenBoxes } from "./regions.ts";

/**
 * SHA-256 (hex) over the boxes that are given for the pictures of a data set, split by split, rounded to a hundredth of a pixel;
 * undefined where none are.
 */
export function fingerprintBoxes(
  { splits: { train, val, test } }: Pick<PointDataset, "splits">,
  boxes: GivenBoxes | undefined,
): string | undefined {
  if (!boxes) return undefined;
  const hash = createHash("sha256");
  for (const { id } of [...train, ...val, ...test]) {
    const corners = boxes.get(id)?.map((corner) => Math.round(corner * 100));
    hash.update(`${JSON.stringify([id, corners ?? null])}\n`);
  }
  return hash.digest("hex");
}

/**
 * Refuses to go on with the run in `out` at other boxes than it learned to look at.
 * @throws FoveaError `checkpoint-mismatch`
 */
export function requireSameBoxes(
  out: string,
  { boxesFingerprint: trained }: Recipe,
  dataset: PointDataset,
  boxes: GivenBoxes | undefined,
): void {
  if (fingerprintBoxes(dataset, boxes) === trained) return;
  const sentence =
    trained === undefined
      ? "was trained without `boxes`; resume it without them"
      : `was trained with ${boxes ? "other `boxes`" : "`boxes`, of which none are given now"}; resume it with the same ones (of the same detector, computed on the same device)`;
  throw new FoveaError("checkpoint-mismatch", `The run in \`${out}\` ${sentence}, or start a new run.`);
}
