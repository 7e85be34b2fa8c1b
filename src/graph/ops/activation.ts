import type { Value } from "../graph.ts";
import type { Operator } from "../operator.ts";
import { axisOf } from "../shape.ts";
import { add, mul, sub } from "./arithmetic.ts";
import { greater, where } from "./comparison.ts";
import { reduceSum } from "./reduction.ts";
import { cast, exp, unaryOperator } from "./unary.ts";

/** max(x, 0); the subgradient at 0 is 0. */
export const Relu: Operator = unaryOperator("Relu", ({ y, dy }) => mul(dy, positive(y)));

/**
 * 1 where y > 0, 0 where it is 0. For float32 in one pass: the hard sigmoid max(0, min(1, αy)) of a very
 * large α; ONNX Runtime has none for doubles.
 */
function positive(y: Value): Value {
  if (y.dtype !== "float32") return cast(greater(y, 0), y.dtype);
  return y.graph.apply(HardSigmoid, [y], { alpha: 3e38, beta: 0 })[0];
}

/** max(0, min(1, αx + β)). */
const HardSigmoid: Operator = unaryOperator("HardSigmoid", "flat", ["alpha", "beta"]);

/** x where x > 0, else αx. */
export const LeakyRelu: Operator = unaryOperator(
  "LeakyRelu",
  ({ node, x, dy }) =>
    where(greater(x, 0), dy, mul(dy, (node.attributes.alpha as number | undefined) ?? 0.01)),
  ["alpha"],
);

/** 1 / (1 + e⁻ˣ). */
export const Sigmoid: Operator = unaryOperator("Sigmoid", ({ y, dy }) => mul(dy, mul(y, sub(1, y))));

export const Tanh: Operator = unaryOperator("Tanh", ({ y, dy }) => mul(dy, sub(1, mul(y, y))));

/** ln(1 + eˣ). */
export const Softplus: Operator = unaryOperator("Softplus", ({ x, dy }) => mul(dy, sigmoid(x)));

/** x · clip(x/6 + ½, 0, 1). */
export const HardSwish: Operator = unaryOperator("HardSwish", ({ x, dy }) => {
  const inner = add(mul(x, 1 / 3), 0.5);
  return mul(dy, where(greater(x, 3), 1, where(greater(x, -3), inner, 0)));
});

/** eˣ / Σ eˣ along an axis. */
export const Softmax: Operator = {
  opType: "Softmax",
  infer: ({ inputs: [x] }) => [{ dtype: x!.dtype, shape: x!.shape }],
  gradient({ node, outputs: [y], cotangents: [dy] }) {
    const axis = axisOf("Softmax", (node.attributes.axis as number | undefined) ?? -1, y.rank);
    return [mul(y, sub(dy!, reduceSum(mul(dy!, y), [axis])))];
  },
};

/** ln softmax, computed without overflow. */
export const LogSoftmax: Operator = {
  opType: "LogSoftmax",
  infer: ({ inputs: [x] }) => [{ dtype: x!.dtype, shape: x!.shape }],
  gradient({ node, outputs: [y], cotangents: [dy] }) {
    const axis = axisOf("LogSoftmax", (node.attributes.axis as number | undefined) ?? -1, y.rank);
    return [sub(dy!, mul(exp(y), reduceSum(dy!, [axis])))];
  },
};

/** max(x, 0). */
export function relu(x: Value): Value {
  return x.graph.apply(Relu, [x])[0];
}
/** x where x > 0, else alpha · x. */
export function leakyRelu(x: Value, alpha = 0.01): Value {
  return x.graph.apply(LeakyRelu, [x], { alpha })[0];
}
/** The logistic function. */
export function sigmoid(x: Value): Value {
  return x.graph.apply(Sigmoid, [x])[0];
}
/** Hyperbolic tangent. */
export function tanh(x: Value): Value {
  return x.graph.apply(Tanh, [x])[0];
}
/** ln(1 + eˣ). */
export function softplus(x: Value): Value {
  return x.graph.apply(Softplus, [x])[0];
}
/** x · hardsigmoid(x), Howard et al. 2019. */
export function hardSwish(x: Value): Value {
  return x.graph.apply(HardSwish, [x])[0];
}
/** Probabilities along `axis`. */
export function softmax(x: Value, axis = -1): Value {
  return x.graph.apply(Softmax, [x], { axis })[0];
}
/** Log-probabilities along `axis`. */
export function logSoftmax(x: Value, axis = -1): Value {
  return x.graph.apply(LogSoftmax, [x], { axis })[0];
}
