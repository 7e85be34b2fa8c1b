import type { ColourSums } from "../patches/index.ts";

/** Colours as three numbers that do not depend on each other. */
export interface ColourSpace {
  /** Red, green and blue (logits) for each of the three numbers, row by row. */
  matrix: readonly number[];
  /** Logits of the mean colour. */
  mean: readonly number[];
}

/** Least variance of a channel, for pictures of one colour. */
const FLOOR = 1e-3;

/**
 * The colours of a data set with their correlations taken out (Olah et al. 2017): the lower triangular root of their
 * covariance (Cholesky), scaled so that its largest row has length 1. Independent numbers then give colours as the
 * pictures have them: mostly light and dark, some blue against yellow, little red against green.
 */
export function colourSpaceOf({ count, channels, products }: ColourSums): ColourSpace {
  if (count < 2) return { matrix: [1, 0, 0, 0, 1, 0, 0, 0, 1], mean: [0, 0, 0] };
  const means = channels.map((sum) => sum / count);
  const covariance = products.map((sum, i) => {
    const [a, b] = [Math.floor(i / 3), i % 3];
    return sum / count - means[a] * means[b] + (a === b ? FLOOR : 0);
  });
  const root = cholesky(covariance);
  const rows = [0, 1, 2].map((i) => Math.hypot(...root.slice(3 * i, 3 * i + 3)));
  const largest = Math.max(...rows);
  return { matrix: root.map((value) => value / largest), mean: means.map(logit) };
}

/** L with L·Lᵀ = A, for a symmetric positive 3×3 matrix. */
function cholesky(a: readonly number[]): number[] {
  const l = new Array<number>(9).fill(0);
  for (let i = 0; i < 3; i++) {
    for (let j = 0; j <= i; j++) {
      let rest = a[3 * i + j];
      for (let k = 0; k < j; k++) rest -= l[3 * i + k] * l[3 * j + k];
      l[3 * i + j] = i === j ? Math.sqrt(Math.max(rest, FLOOR / 10)) : rest / l[3 * j + j];
    }
  }
  return l;
}

function logit(share: number): number {
  const inside = Math.min(Math.max(share, 0.05), 0.95);
  return Math.log(inside / (1 - inside));
}
