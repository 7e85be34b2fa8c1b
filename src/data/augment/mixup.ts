import type { Random } from "../../core/index.ts";
import { drawBeta } from "./gamma.ts";
import { blendRow, drawPartners, type MixedValues, mixPairs } from "./mix-pairs.ts";
import { requireWithin } from "./options.ts";
import { requireRows } from "./require-length.ts";

/** Largest parameter of the Beta distribution; beyond it all weights are close to one half. */
export const largestMixAlpha = 100;

/**
 * Blends each of `count` examples with another of the batch, in place (Zhang et al. 2018, mixup): values and
 * targets become λ · own + (1 − λ) · partner's, the partners being a random permutation. λ ~ Beta(α, α) is drawn
 * for each example, not once for the batch: a batch then has weak and strong blends side by side, and its
 * gradient varies less from step to step.
 *
 * @param batch `[count, size]`, examples of any kind, float32 or (blends rounded) bytes
 * @param targets `[count, classes]`, for example one-hot; the sum of each row stays if all rows have the same
 * @param alpha 0 … 100; 0 changes nothing, 1 draws λ uniformly, small values blend weakly
 * @throws `augment-invalid` on another alpha, `shape-mismatch` if the values are not `count` rows
 */
export function mixup(
  random: Random,
  batch: MixedValues,
  targets: Float32Array,
  count: number,
  alpha: number,
): void {
  requireWithin("mixup", alpha, 0, largestMixAlpha);
  requireRows("mixup", "batch", batch, count);
  requireRows("mixup", "targets", targets, count);
  if (alpha === 0) return;
  const partners = drawPartners(random, count);
  const own = partners.map(() => drawBeta(random, alpha, alpha));
  mixPairs(batch, partners, (row, partner, index) => blendRow(row, partner, own[index]));
  mixPairs(targets, partners, (row, partner, index) => blendRow(row, partner, own[index]));
}
