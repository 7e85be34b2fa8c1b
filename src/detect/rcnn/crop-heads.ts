import { letterboxFill } from "../../data/index.ts";
import { add, cast, concat, mul, reshape, roiAlign, slice, sub, type Value } from "../../graph/index.ts";
import { trunkMaps } from "../../models/index.ts";
import type { Scope } from "../../nn/index.ts";
import type { RcnnConfig } from "./config.ts";
import { type HeadOutput, headsOn, TRUNK_PATH } from "./net.ts";

/**
 * R-CNN's answers (Girshick et al. 2014): each region is cut out of its picture with some context, warped to a square
 * whatever its shape, and passes the trunk by itself.
 *
 * @param pictures uint8 `[N, 3, H, W]`
 * @param regions corners in input pixels, `[R, 4]` for each picture of the batch
 */
export function cropHeads(
  scope: Scope,
  pictures: Value,
  regions: readonly Value[],
  config: RcnnConfig,
  trunkRate = 1,
): HeadOutput {
  const { side, context } = config.crop;
  // RoIAlign puts 0 beyond the picture: shifted, that is the grey which letterboxes show there.
  const x = sub(cast(pictures, "float32"), letterboxFill);
  const crops = regions.map((own, n) => {
    const places = x.graph.integers(Array.from({ length: own.dims[0] }, () => 0));
    return roiAlign(slice(x, 0, n, n + 1), withContext(own, context), places, {
      outputHeight: side,
      outputWidth: side,
      samplingRatio: 2,
    });
  });
  const trunk = scope.at(TRUNK_PATH).withRate(trunkRate);
  const shown = mul(add(concat(crops, 0), letterboxFill), 1 / 255);
  const last = trunkMaps(trunk, shown, config.size.trunk).at(-1)!.value; // [R, C, side / 32, side / 32]
  const [, channels, rows, columns] = last.dims;
  return headsOn(scope.at("head"), reshape(last, [-1, channels * rows * columns]), config);
}

/** Boxes larger on each side by a share of their own size. */
function withContext(boxes: Value, share: number): Value {
  const low = slice(boxes, 1, 0, 2);
  const high = slice(boxes, 1, 2, 4);
  const more = mul(sub(high, low), share);
  return concat([sub(low, more), add(high, more)], 1);
}
