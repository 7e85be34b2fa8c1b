import {
  add,
  cast,
  concat,
  equal,
  floor,
  log,
  maximum,
  minimum,
  mul,
  reshape,
  roiAlign,
  slice,
  sub,
  type Value,
} from "../../graph/index.ts";

/** A map of a picture that regions are proposed on and pooled from. */
export interface FeatureLevel {
  /** Pixels from one cell to the next. */
  stride: number;
  /** `[N, channels, H / stride, W / stride]`. */
  value: Value;
}

/** Samples along each side of a bin. */
const SAMPLING_RATIO = 2;

/**
 * The side, in cells of a level, from which on regions are pooled from it: 112 pixels at stride 16. Lin et al. (2017,
 * eq. 1) have 224, in pictures of 800 pixels; those here are half as large.
 */
const CANONICAL_CELLS = 7;

/**
 * Regions as squares of bins `[R, channels, bins, bins]`, by RoIAlign (He et al. 2017). Of several levels each region
 * takes the one that suits its size: it is pooled from all, and all but one do not count.
 *
 * @param levels finest first, each stride twice the one before
 * @param regions corners in input pixels, `[R, 4]` for each picture of the batch
 */
export function poolRegions(levels: readonly FeatureLevel[], regions: readonly Value[], bins: number): Value {
  const pooled = levels.map(({ stride, value }) => {
    const parts = regions.map((own, n) => {
      const places = value.graph.integers(Array.from({ length: own.dims[0] }, () => 0));
      return roiAlign(slice(value, 0, n, n + 1), own, places, {
        outputHeight: bins,
        outputWidth: bins,
        samplingRatio: SAMPLING_RATIO,
        spatialScale: 1 / stride,
      });
    });
    return concat(parts, 0);
  });
  if (levels.length === 1) return pooled[0];
  const level = levelOf(concat([...regions], 0), levels[0].stride, levels.length);
  return pooled.map((map, i) => mul(map, cast(equal(level, i), "float32"))).reduce(add);
}

/**
 * The level of each box by the rule of Lin et al. (2017, eq. 1), `[R, 1, 1, 1]`: 0 up to twice the canonical side of the
 * finest stride, and one more for each doubling.
 */
export function levelOf(boxes: Value, finest: number, levels: number): Value {
  const side = (axis: 0 | 1) => sub(slice(boxes, 1, axis + 2, axis + 3), slice(boxes, 1, axis, axis + 1));
  const area = maximum(mul(side(0), side(1)), 1e-6);
  const doublings = mul(log(mul(area, 1 / (CANONICAL_CELLS * finest) ** 2)), 0.5 / Math.LN2);
  const level = minimum(maximum(floor(doublings), 0), levels - 1);
  return reshape(level, [-1, 1, 1, 1]);
}
