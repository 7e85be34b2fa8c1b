import { tensor } from "../core/index.ts";
import { add, concat, mul, slice, type Value } from "../graph/index.ts";
import type { PixelConvention } from "./pixel-convention.ts";

/** Pictures `[N, 3, H, W]` or `[N, 1, H, W]` in 0…1 as a net expects them; brightness takes the first channel's numbers. */
export function normalizePixels(x: Value, { scale, mean, deviation, bgr }: PixelConvention): Value {
  const channels = x.dims[1];
  const channel = (index: number) => slice(x, 1, index, index + 1);
  const ordered = bgr && channels === 3 ? concat([2, 1, 0].map(channel), 1) : x;
  const perChannel = (numbers: readonly number[]) => x.graph.constant(tensor(numbers, [1, channels, 1, 1]));
  const factors = deviation.slice(0, channels).map((d) => scale / d);
  const offsets = factors.map((_, i) => -mean[i] / deviation[i]);
  const scaled = factors.every((f) => f === 1) ? ordered : mul(ordered, perChannel(factors));
  return offsets.every((o) => o === 0) ? scaled : add(scaled, perChannel(offsets));
}
