import type { PictureSize } from "../image/index.ts";
import type { MeasuredStatistics, Region } from "./optimize/index.ts";

/** A style as one size sees it. */
export interface MeasuredStyle {
  weight: number;
  statistics: ReadonlyMap<string, MeasuredStatistics>;
  /** `[height, width]` of the picture that is made. */
  mask?: Float32Array;
}

/**
 * Who rules where: each masked style its own part, the others together, blended by weight, what is left over. A blend
 * has the weighted means of the styles' statistics.
 */
export function regionsOf(styles: readonly MeasuredStyle[], { width, height }: PictureSize): Region[] {
  const masked = styles.filter(({ mask }) => mask);
  const open = styles.filter(({ mask }) => !mask);
  const total = styles.reduce((sum, { weight }) => sum + weight, 0);
  const regions = masked.map(({ mask, weight, statistics }): Region => {
    return { share: weight / total, targets: statistics, mask };
  });
  if (open.length === 0) return regions;
  const share = open.reduce((sum, { weight }) => sum + weight, 0) / total;
  const targets = blend(open);
  if (masked.length === 0) return [{ share, targets }];
  const masks = masked.map(({ mask }) => mask!);
  return [...regions, { share, targets, mask: leftOver(masks, width * height) }];
}

/** What masks leave over of each pixel. */
export function leftOver(masks: readonly Float32Array[], pixels: number): Float32Array {
  return Float32Array.from({ length: pixels }, (_, i) => {
    return Math.max(0, 1 - masks.reduce((sum, mask) => sum + mask[i], 0));
  });
}

function blend(styles: readonly MeasuredStyle[]): ReadonlyMap<string, MeasuredStatistics> {
  if (styles.length === 1) return styles[0].statistics;
  const total = styles.reduce((sum, { weight }) => sum + weight, 0);
  const mean = (arrays: readonly Float32Array[]) =>
    arrays[0].map((_, i) => styles.reduce((sum, { weight }, k) => sum + (weight / total) * arrays[k][i], 0));
  return new Map(
    [...styles[0].statistics].map(([layer, { channels }]) => {
      const all = styles.map(({ statistics }) => statistics.get(layer)!);
      return [
        layer,
        { channels, gram: mean(all.map(({ gram }) => gram)), mean: mean(all.map(({ mean }) => mean)) },
      ];
    }),
  );
}
