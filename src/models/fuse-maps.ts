import { add, upsampleNearest, type Value } from "../graph/index.ts";
import { convolution, type Scope } from "../nn/index.ts";
import type { FeatureMap } from "./trunks/index.ts";

/**
 * A trunk's maps, brought to the same channels and summed from the coarsest to that of `finestStride` (Lin et al. 2017,
 * "Feature pyramid networks for object detection").
 *
 * @param maps from fine to coarse, each half as fine as the one before
 * @returns `[N, channels, H / finestStride, W / finestStride]`
 */
export function fuseMaps(
  scope: Scope,
  maps: readonly FeatureMap[],
  { finestStride, channels }: { finestStride: number; channels: number },
): Value {
  const asked = maps.filter(({ stride }) => stride >= finestStride).toReversed();
  const laterals = asked.map(({ stride, value }) =>
    convolution(scope.at(stride), value, { outChannels: channels, kernelSize: 1, bias: true }),
  );
  return laterals.reduce((above, lateral) => add(lateral, upsampleNearest(above, 2)));
}
