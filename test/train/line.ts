import { type Tensor, tensor } from "../../src/core/index.ts";
import { add, mul, reduceMean, sub } from "../../src/graph/index.ts";
import { constant, type Scope } from "../../src/nn/index.ts";
import type { Objective } from "../../src/train/index.ts";

/** y = w·x + b by least squares: one weight, one gain. */
export function line(scope: Scope): Objective {
  const x = scope.graph.input("x", [3]);
  const wanted = scope.graph.input("wanted", [3]);
  const w = scope.parameter("w", [1], constant(2));
  const b = scope.parameter("b", [1], constant(0.5), "gain");
  const error = sub(add(mul(x, w), b), wanted);
  return { loss: reduceMean(mul(error, error), undefined, false) };
}

/** Points on no line, and the batch of a step with them. */
export const points = { x: [1, -2, 3], wanted: [0, 1, 1] };
export const lineBatch: Record<string, Tensor> = { x: tensor(points.x), wanted: tensor(points.wanted) };
