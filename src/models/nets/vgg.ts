import type { Value } from "../../graph/index.ts";
import type { Scope } from "../../nn/index.ts";
import { trunkMaps } from "../trunks/index.ts";

/** Configuration A of the paper, "VGG-11": channels of each convolution, by stage. */
export const vgg11: readonly (readonly number[])[] = [[64], [128], [256, 256], [512, 512], [512, 512]];

/**
 * Stacks of 3×3 convolutions with batch norm and ReLU, the map halved between stages by maximum pooling (Simonyan &
 * Zisserman 2015). The map of each stage of `[N, C, …]`: `[N, channels, …]` at strides 1, 2, 4, …
 *
 * @param stages Channels of each convolution, by stage.
 */
export function vgg(scope: Scope, x: Value, stages: readonly (readonly number[])[] = vgg11): Value[] {
  return trunkMaps(scope, x, { family: "plain", stages }).map(({ value }) => value);
}
