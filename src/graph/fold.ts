import { isFloat, type Tensor } from "../core/index.ts";
import type { Value } from "./graph.ts";
import type { Attributes, Kind, Operator } from "./operator.ts";

/** Shapes and what is computed from them are lists of a few numbers. */
const MOST_FOLDED = 64;

/**
 * The result of shape arithmetic, which is computed at once, with floating-point numbers only where each comes from a
 * shape or is a scalar of the graph's own: a given one may be a parameter, which somebody differentiates by or thaws.
 */
export function fold(
  operator: Operator,
  inputs: readonly (Value | undefined)[],
  attributes: Attributes,
  kind: Kind,
): Tensor | undefined {
  const size = kind.shape.reduce<number>((total, dim) => total * Number(dim), 1);
  if (!operator.fold || !(size <= MOST_FOLDED)) return undefined;
  const given = inputs.filter((input) => input !== undefined);
  if (operator.foldsShape) {
    if (!given[0].shape.every((dim) => typeof dim === "number")) return undefined;
  } else {
    if (!given.every(({ constant }) => constant)) return undefined;
    if (given.some(({ dtype, folded }) => isFloat(dtype) && !folded)) return undefined;
  }
  const tensors = given.flatMap(({ constant }) => (constant ? [constant] : []));
  return operator.fold({ tensors, inputs, attributes, kind });
}
