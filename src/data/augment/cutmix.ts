import { FoveaError, type Random } from "../../core/index.ts";
import type { Xyxy } from "../../geometry/index.ts";
import { drawBeta } from "./gamma.ts";
import { blendRow, drawPartners, type MixedValues, mixPairs } from "./mix-pairs.ts";
import { largestMixAlpha } from "./mixup.ts";
import { requireWithin } from "./options.ts";
import { requireLength, requireRows } from "./require-length.ts";

/**
 * Pastes a random rectangle of another picture of the batch into each picture, in place, at the same position
 * (Yun et al. 2019, CutMix). The rectangle has the picture's proportions, a share 1 − λ of its area with
 * λ ~ Beta(α, α), and a centre anywhere; it is cut at the border. Targets are weighted by the areas that remain.
 * λ and rectangle are drawn for each picture, for the reason that `mixup` gives.
 *
 * @param batch planar pictures, float32 or bytes
 * @param targets `[count, classes]`, for example one-hot
 * @param shape of `batch`: `[count, channels, height, width]`
 * @param alpha 0 … 100; 0 changes nothing, 1 draws λ uniformly
 * @throws `augment-invalid` on another alpha, `shape-mismatch` if the values do not fit the shape
 */
export function cutmix(
  random: Random,
  batch: MixedValues,
  targets: Float32Array,
  shape: readonly number[],
  alpha: number,
): void {
  const [count, , height, width] = shape;
  requireWithin("cutmix", alpha, 0, largestMixAlpha);
  requirePlanar(shape);
  requireLength("cutmix", "batch", batch, shape);
  requireRows("cutmix", "targets", targets, count);
  if (alpha === 0) return;
  const partners = drawPartners(random, count);
  const pasted = partners.map(() => drawRectangle(random, width, height, 1 - drawBeta(random, alpha, alpha)));
  mixPairs(batch, partners, (row, partner, index) => paste(row, partner, width, height, pasted[index]));
  mixPairs(targets, partners, (row, partner, index) => {
    const [x1, y1, x2, y2] = pasted[index];
    blendRow(row, partner, 1 - ((x2 - x1) * (y2 - y1)) / (width * height));
  });
}

function requirePlanar(shape: readonly number[]): void {
  if (shape.length === 4) return;
  throw new FoveaError(
    "shape-mismatch",
    `cutmix: \`shape\` (=[${shape.join(", ")}]) must be [count, channels, height, width] of pictures; use mixup for sequences and volumes.`,
  );
}

/** A rectangle of whole pixels with a share of the picture's area, less what its centre puts outside. */
function drawRectangle(random: Random, width: number, height: number, share: number): Xyxy {
  const [left, right] = drawSpan(random, width, Math.sqrt(share));
  const [top, bottom] = drawSpan(random, height, Math.sqrt(share));
  return [left, top, right, bottom];
}

/** A stretch of `share` of a side, centred anywhere and cut at the ends. */
function drawSpan(random: Random, side: number, share: number): [start: number, end: number] {
  const length = Math.round(side * share);
  const start = random.integer(side) - Math.floor(length / 2);
  return [Math.max(start, 0), Math.min(start + length, side)];
}

function paste(row: MixedValues, partner: MixedValues, width: number, height: number, part: Xyxy): void {
  const [x1, y1, x2, y2] = part;
  for (let plane = 0; plane < row.length; plane += width * height) {
    for (let y = y1; y < y2; y++) {
      const line = plane + y * width;
      row.set(partner.subarray(line + x1, line + x2), line + x1);
    }
  }
}
