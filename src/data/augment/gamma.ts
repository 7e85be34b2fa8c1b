import { type Random, requireRange } from "../../core/index.ts";

/** A number of the Gamma distribution with scale 1; its mean and variance are `shape` (> 0). Throws `argument-range`. */
export function drawGamma(random: Random, shape: number): number {
  requireShape("drawGamma", "shape", shape);
  return Math.exp(drawLogGamma(random, shape));
}

/** A number in [0, 1] of the Beta distribution (both parameters > 0): X / (X + Y) of two Gamma variables. Throws `argument-range`. */
export function drawBeta(random: Random, alpha: number, beta: number): number {
  requireShape("drawBeta", "alpha", alpha);
  requireShape("drawBeta", "beta", beta);
  const x = drawLogGamma(random, alpha);
  const y = drawLogGamma(random, beta);
  return 1 / (1 + Math.exp(y - x));
}

function requireShape(caller: string, name: string, value: number): void {
  requireRange(caller, name, value, value > 0 && Number.isFinite(value), "a positive number");
}

/**
 * The logarithm of a Gamma variable (Marsaglia & Tsang 2000), since the variable itself underflows for small
 * shapes. Below shape 1, one of shape + 1 is multiplied by U^(1 / shape).
 */
function drawLogGamma(random: Random, shape: number): number {
  if (shape < 1) return drawLogGamma(random, shape + 1) + Math.log(1 - random.next()) / shape;
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const normal = random.normal();
    const v = (1 + c * normal) ** 3;
    const u = 1 - random.next();
    if (v > 0 && Math.log(u) < 0.5 * normal * normal + d * (1 - v + Math.log(v))) return Math.log(d * v);
  }
}
