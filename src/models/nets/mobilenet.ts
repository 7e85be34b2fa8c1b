import { FoveaError } from "../../core/index.ts";
import type { Value } from "../../graph/index.ts";
import type { Scope } from "../../nn/index.ts";
import { unit } from "../unit.ts";

/** Options of {@link mobileNet}. */
export interface MobileNetOptions {
  /** Factor on all channels, which are then rounded to multiples of 8; default 1. */
  width?: number;
  /** Stride of the first convolution: 2 in the paper, 1 keeps more of small inputs. Default 2. */
  stemStride?: number;
}

/** Channels and stride of each depthwise separable convolution: table 1 of the paper. */
const PLAN = [
  [64, 1],
  [128, 2],
  [128, 1],
  [256, 2],
  [256, 1],
  [512, 2],
  ...Array.from({ length: 5 }, () => [512, 1] as const),
  [1024, 2],
  [1024, 1],
] as const;

/**
 * MobileNet (Howard et al. 2017): each 3×3 convolution is one per channel, followed by a 1×1 convolution across
 * channels. `[N, C, …]` → `[N, 1024 · width, …]` at stride 32.
 */
export function mobileNet(
  scope: Scope,
  x: Value,
  { width = 1, stemStride = 2 }: MobileNetOptions = {},
): Value {
  if (!(width > 0)) {
    throw new FoveaError(
      "argument-range",
      `mobileNet: \`width\` (=${width}) must be above 0; 1 is the paper's.`,
    );
  }
  const scaled = (channels: number) => Math.max(8, Math.round((channels * width) / 8) * 8);
  let y = unit(scope.at("stem"), x, { outChannels: scaled(32), kernelSize: 3, stride: stemStride });
  for (const [i, [channels, stride]] of PLAN.entries()) {
    const part = scope.at(i);
    const groups = y.dims[1];
    y = unit(part.at("depth"), y, { outChannels: groups, kernelSize: 3, stride, groups });
    y = unit(part.at("point"), y, { outChannels: scaled(channels), kernelSize: 1 });
  }
  return y;
}
