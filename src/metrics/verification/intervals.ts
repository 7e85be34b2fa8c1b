import { FoveaError } from "../../core/index.ts";
import { betaQuantile, normalQuantile } from "../special-functions.ts";

/** Ends of an interval of shares in [0, 1]. */
export type Interval = readonly [low: number, high: number];

/**
 * Where a share lies of which `hits` of `count` independent trials are a sample (Wilson 1927): short, and right on
 * average, so that it may cover the share a little less often than promised.
 *
 * @param confidence in (0, 1)
 * @throws FoveaError `argument-range`
 */
export function wilsonInterval(hits: number, count: number, confidence: number = 0.95): Interval {
  requireCounts("wilsonInterval", hits, count, confidence);
  const z = normalQuantile((1 + confidence) / 2);
  const share = hits / count;
  const shrink = 1 + (z * z) / count;
  const middle = share + (z * z) / (2 * count);
  const reach = z * Math.sqrt((share * (1 - share)) / count + (z * z) / (4 * count * count));
  return [
    hits === 0 ? 0 : Math.max(0, (middle - reach) / shrink),
    hits === count ? 1 : Math.min(1, (middle + reach) / shrink),
  ];
}

/**
 * The same by Clopper & Pearson (1934): never covers the share less often than promised, and is therefore longer. Without
 * hits its upper end is about 3.7 / count at 95 %.
 *
 * @param confidence in (0, 1)
 * @throws FoveaError `argument-range`
 */
export function clopperPearsonInterval(hits: number, count: number, confidence: number = 0.95): Interval {
  requireCounts("clopperPearsonInterval", hits, count, confidence);
  const tail = (1 - confidence) / 2;
  return [
    hits === 0 ? 0 : betaQuantile(tail, hits, count - hits + 1),
    // By the mirrored quantile, which keeps its digits near 1.
    hits === count ? 1 : 1 - betaQuantile(tail, count - hits, hits + 1),
  ];
}

function requireCounts(name: string, hits: number, count: number, confidence: number): void {
  if (!(Number.isInteger(hits) && Number.isInteger(count) && count >= 1 && hits >= 0 && hits <= count)) {
    throw new FoveaError(
      "argument-range",
      `${name}: \`hits\` (=${hits}) and \`count\` (=${count}) must be whole numbers with 0 ≤ hits ≤ count and count ≥ 1.`,
    );
  }
  if (!(confidence > 0 && confidence < 1)) {
    throw new FoveaError(
      "argument-range",
      `${name}: \`confidence\` (=${confidence}) must lie between 0 and 1, for example 0.95.`,
    );
  }
}
