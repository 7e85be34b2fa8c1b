import type { Value } from "../../graph/index.ts";
import type { Scope } from "../../nn/index.ts";
import { unit } from "../unit.ts";

/** Options of {@link fcn}. */
export interface FcnOptions {
  /** Channels of each convolution; default 128, 256, 128. */
  channels?: readonly number[];
}

/** Elements along each dimension. */
const KERNEL_SIZES = [8, 5, 3] as const;

/**
 * The fully convolutional net for time series (Wang et al. 2017, "Time series classification from scratch"):
 * three units at full resolution. `[N, C, …]` → `[N, 128, …]` of the same size.
 */
export function fcn(scope: Scope, x: Value, { channels = [128, 256, 128] }: FcnOptions = {}): Value {
  return channels.reduce(
    (y, outChannels, i) => unit(scope.at(i), y, { outChannels, kernelSize: KERNEL_SIZES[i] ?? 3 }),
    x,
  );
}
