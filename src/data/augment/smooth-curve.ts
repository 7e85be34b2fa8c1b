import type { Random } from "../../core/index.ts";

/** Knots of a curve, evenly spaced: four inside and one at either end, as Um et al. 2017 have them. */
const knotCount = 6;

/**
 * A smooth random curve of `length` values: normally distributed knots (mean 0, the given deviation) joined by
 * a cubic spline with continuous slope (Catmull & Rom 1974).
 */
export function drawSmoothCurve(random: Random, length: number, deviation: number): Float64Array {
  const knots = Float64Array.from({ length: knotCount }, () => random.normal(0, deviation));
  const last = knotCount - 1;
  return Float64Array.from({ length }, (_, step) => {
    const place = length > 1 ? (step / (length - 1)) * last : 0;
    const before = Math.min(Math.floor(place), last - 1);
    const [a, b] = [knots[Math.max(before - 1, 0)], knots[before]];
    const [c, d] = [knots[before + 1], knots[Math.min(before + 2, last)]];
    return catmullRom(a, b, c, d, place - before);
  });
}

/** The spline between `b` (share 0) and `c` (share 1). */
function catmullRom(a: number, b: number, c: number, d: number, share: number): number {
  const slope = c - a;
  const bend = 2 * a - 5 * b + 4 * c - d;
  const twist = 3 * (b - c) + d - a;
  return b + 0.5 * share * (slope + share * (bend + share * twist));
}
