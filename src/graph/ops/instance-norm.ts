import { FoveaError, sizeOf, tensor } from "../../core/index.ts";
import type { Value } from "../graph.ts";
import type { Operator } from "../operator.ts";
import { lengthOf } from "../shape.ts";
import { add, mul } from "./arithmetic.ts";
import { reduceSum } from "./reduction.ts";
import { reshape } from "./reshape.ts";
import { standardize, standardizeGradient } from "./standardize.ts";

/** Inputs: x `[N, C, …]`, scale `[C]`, offset `[C]`. Normalises each channel of each picture over its positions. */
export const InstanceNormalization: Operator = {
  opType: "InstanceNormalization",
  floats: ["epsilon"],
  infer: ({ inputs: [x] }) => [{ dtype: x!.dtype, shape: x!.shape }],
  flops: ({ inputs: [x] }) => 5 * sizeOf(x!.dims),
  gradient({ node, inputs: [x, scale], cotangents: [dy], wanted }) {
    const positions = x.shape.map((_, i) => i).slice(2);
    const others = [0, ...positions];
    const standard = standardize(x, positions, (node.attributes.epsilon as number | undefined) ?? 1e-5);
    const perChannel = reshape(
      scale,
      x.shape.map((dim, i) => (i === 1 ? dim : 1)),
    );
    return [
      wanted[0] ? standardizeGradient(mul(dy!, perChannel), standard, positions) : undefined,
      wanted[1] ? reduceSum(mul(dy!, standard.xHat), others, false) : undefined,
      wanted[2] ? reduceSum(dy!, others, false) : undefined,
    ];
  },
};

/** Each channel of each picture to mean 0 and variance 1, then times scale plus offset (Ulyanov et al. 2016). */
export function instanceNormalization(x: Value, scale: Value, offset: Value, epsilon = 1e-5): Value {
  return x.graph.apply(InstanceNormalization, [x, scale, offset], { epsilon })[0];
}

/**
 * Groups of channels of each picture to mean 0 and variance 1, then times scale plus offset per channel
 * (Wu & He 2018). ONNX changed its own operator between sets 18 and 21, so this is made of instance
 * normalisation, which all runtimes know.
 *
 * @throws FoveaError `argument-range` where the channels are no multiple of `groups`
 */
export function groupNormalization(
  x: Value,
  scale: Value,
  offset: Value,
  groups: number,
  epsilon = 1e-5,
): Value {
  const { graph, shape } = x;
  const channels = lengthOf("GroupNormalization", x, 1);
  requireGroups(channels, groups);
  const filled = (value: number) => graph.constant(tensor(new Array(groups).fill(value), [groups], x.dtype));
  const places = shape.slice(2);
  const size = places.every((dim) => typeof dim === "number") ? (channels / groups) * sizeOf(places) : -1;
  const grouped = reshape(x, [shape[0], groups, size]);
  const standard = reshape(instanceNormalization(grouped, filled(1), filled(0), epsilon), shape);
  const column = (list: Value) =>
    reshape(
      list,
      shape.map((_, i) => (i === 1 ? channels : 1)),
    );
  return add(mul(standard, column(scale)), column(offset));
}

/** Throws `argument-range` unless so many channels make groups of one size. */
export function requireGroups(channels: number, groups: number): void {
  if (Number.isInteger(groups) && groups >= 1 && channels % groups === 0) return;
  throw new FoveaError(
    "argument-range",
    `GroupNormalization: \`groups\` (=${groups}) must be a whole number ≥ 1 that divides the ${channels} channels of x.`,
  );
}
