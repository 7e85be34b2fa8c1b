import { FoveaError } from "../../core/index.ts";
import { add, maxPool, relu, type Value } from "../../graph/index.ts";
import type { Scope } from "../../nn/index.ts";
import { normed, unit } from "../unit.ts";

/** The first convolution of a {@link resNet}. */
export interface ResNetStem {
  /** Elements along each dimension; 7 in the paper. */
  kernelSize: number;
  /** 2 in the paper; 1 for inputs as small as 32². */
  stride: number;
  /** Halves the map by a 3×3 maximum pooling, as in the paper. */
  pool: boolean;
}

/** Options of {@link resNet}. */
export interface ResNetOptions {
  stem: ResNetStem;
  /** Channels of each stage; the stem has those of the first. */
  channels: readonly number[];
  /** Blocks of each stage; the first block of every stage but the first halves the map. */
  depths: readonly number[];
  /** Blocks begin as their shortcuts: the last norm's gains start at 0 (Goyal et al. 2017). Default false. */
  zeroLastGain?: boolean;
}

/** ResNet-18 as it is built for pictures of 224² (He et al. 2016). */
export const resNet18: ResNetOptions = {
  stem: { kernelSize: 7, stride: 2, pool: true },
  channels: [64, 128, 256, 512],
  depths: [2, 2, 2, 2],
};

/**
 * The residual net of basic blocks (He et al. 2016, "Deep residual learning for image recognition"), with projections
 * where shapes change. The map of each stage of `[N, C, …]`: `[N, channels[i], …]`, each half as large as the one before.
 */
export function resNet(scope: Scope, x: Value, options: ResNetOptions): Value[] {
  const { stem, channels, depths, zeroLastGain = false } = options;
  if (channels.length !== depths.length || depths.some((depth) => !(depth >= 1))) {
    throw new FoveaError(
      "argument-range",
      `resNet: \`depths\` (=${depths}) must have a number ≥ 1 for each of the ${channels.length} \`channels\`.`,
    );
  }
  const { kernelSize, stride, pool } = stem;
  let y = unit(scope.at("stem"), x, { outChannels: channels[0], kernelSize, stride });
  if (pool) y = maxPool(y, { kernelSize: 3, stride: 2, padding: 1 });
  return channels.map((outChannels, stage) => {
    for (let i = 0; i < depths[stage]; i++) {
      const part = scope.at(`stage${stage + 1}`).at(i);
      const halves = stage > 0 && i === 0;
      y = basicBlock(part, y, { outChannels, stride: halves ? 2 : 1, gain: zeroLastGain ? 0 : 1 });
    }
    return y;
  });
}

/** Two 3×3 convolutions beside a shortcut. */
function basicBlock(
  scope: Scope,
  x: Value,
  { outChannels, stride, gain }: { outChannels: number; stride: number; gain: number },
): Value {
  const inner = unit(scope.at("a"), x, { outChannels, kernelSize: 3, stride });
  const outer = normed(scope.at("b"), inner, { outChannels, kernelSize: 3, gain });
  const fits = stride === 1 && x.dims[1] === outChannels;
  const short = fits ? x : normed(scope.at("short"), x, { outChannels, kernelSize: 1, stride });
  return relu(add(outer, short));
}
