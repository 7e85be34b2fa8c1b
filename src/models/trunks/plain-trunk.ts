import { maxPool, type Value } from "../../graph/index.ts";
import type { Scope } from "../../nn/index.ts";
import { unit } from "../unit.ts";

/** Widths of a plain trunk. */
export interface PlainTrunk {
  family: "plain";
  /** Channels of each 3×3 convolution, by stage; between stages the map is halved. */
  stages: readonly (readonly number[])[];
}

/**
 * Stacks of 3×3 convolutions with batch norm, maximum pooling between them (Simonyan & Zisserman 2015): the first
 * stage sees every pixel, as style transfer and inspection want it. One map for each stage, at strides 1, 2, 4, …
 */
export function plainTrunk(scope: Scope, x: Value, { stages }: PlainTrunk): Value[] {
  let y = x;
  return stages.map((widths, stage) => {
    if (stage > 0) y = maxPool(y, { kernelSize: 2 });
    for (const [i, width] of widths.entries())
      y = unit(scope.at(`stage${stage + 1}`).at(i), y, { outChannels: width, kernelSize: 3 });
    return y;
  });
}
