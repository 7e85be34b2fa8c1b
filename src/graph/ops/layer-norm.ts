import { sizeOf } from "../../core/index.ts";
import type { Value } from "../graph.ts";
import type { Operator } from "../operator.ts";
import { axisOf } from "../shape.ts";
import { mul } from "./arithmetic.ts";
import { sumTo } from "./reduction.ts";
import { standardize, standardizeGradient } from "./standardize.ts";

/** Inputs: x, scale, offset (broadcast to x). Normalises over the axes from the attribute `axis` on. */
export const LayerNormalization: Operator = {
  opType: "LayerNormalization",
  floats: ["epsilon"],
  infer: ({ inputs: [x] }) => [{ dtype: x!.dtype, shape: x!.shape }],
  flops: ({ inputs: [x] }) => 5 * sizeOf(x!.dims),
  gradient({ node, inputs: [x, scale, offset], cotangents: [dy], wanted }) {
    const first = axisOf("LayerNormalization", (node.attributes.axis as number | undefined) ?? -1, x.rank);
    const axes = x.shape.map((_, i) => i).slice(first);
    const standard = standardize(x, axes, (node.attributes.epsilon as number | undefined) ?? 1e-5);
    return [
      wanted[0] ? standardizeGradient(mul(dy!, scale), standard, axes) : undefined,
      wanted[1] ? sumTo(mul(dy!, standard.xHat), scale.shape) : undefined,
      wanted[2] ? sumTo(dy!, offset.shape) : undefined,
    ];
  },
};

/** Mean 0 and variance 1 over the axes from `axis` on, then times scale plus offset (Ba et al. 2016). */
export function layerNormalization(x: Value, scale: Value, offset?: Value, axis = -1, epsilon = 1e-5): Value {
  return x.graph.apply(LayerNormalization, [x, scale, offset], { axis, epsilon })[0];
}
