import { add, relu, type Value } from "../../graph/index.ts";
import { batchNorm, type Scope } from "../../nn/index.ts";
import { normed, unit } from "../unit.ts";

/** Options of {@link seriesResNet}. */
export interface SeriesResNetOptions {
  /** Channels of each block; default 64, 128, 128. */
  channels?: readonly number[];
}

/**
 * The residual net for time series (Wang et al. 2017): blocks of three convolutions, 8, 5 and 3 long, at full resolution.
 * `[N, C, …]` → `[N, 128, …]` of the same size.
 */
export function seriesResNet(
  scope: Scope,
  x: Value,
  { channels = [64, 128, 128] }: SeriesResNetOptions = {},
): Value {
  return channels.reduce((y, outChannels, i) => block(scope.at(i), y, outChannels), x);
}

/** The shortcut has a norm always, and a 1×1 convolution where channels change. */
function block(scope: Scope, x: Value, outChannels: number): Value {
  let y = unit(scope.at("a"), x, { outChannels, kernelSize: 8 });
  y = unit(scope.at("b"), y, { outChannels, kernelSize: 5 });
  y = normed(scope.at("c"), y, { outChannels, kernelSize: 3 });
  const part = scope.at("short");
  const short =
    x.dims[1] === outChannels
      ? batchNorm(part.at("norm"), x)
      : normed(part, x, { outChannels, kernelSize: 1 });
  return relu(add(y, short));
}
