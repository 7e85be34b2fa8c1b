import { sizeOf } from "../../core/index.ts";
import type { Value } from "../graph.ts";
import type { Operator } from "../operator.ts";
import { axisOf } from "../shape.ts";
import { mul, sub } from "./arithmetic.ts";
import { greater } from "./comparison.ts";
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
  return y.graph.apply(Step, [y], { alpha: 3e38, beta: 0 })[0];
}

/** A step from 0 to 1 for the α above; its own derivative counts as 0. */
const Step: Operator = unaryOperator("HardSigmoid", "flat", { floats: ["alpha", "beta"] });

/** 1 / (1 + e⁻ˣ). */
export const Sigmoid: Operator = unaryOperator("Sigmoid", ({ y, dy }) => mul(dy, mul(y, sub(1, y))));

export const Tanh: Operator = unaryOperator("Tanh", ({ y, dy }) => mul(dy, sub(1, mul(y, y))));

/** ln(1 + eˣ). */
export const Softplus: Operator = unaryOperator("Softplus", ({ x, dy }) => mul(dy, sigmoid(x)));

/** eˣ / Σ eˣ along an axis. */
export const Softmax: Operator = {
  opType: "Softmax",
  infer({ inputs: [x], attributes }) {
    axisOf("Softmax", (attributes.axis as number | undefined) ?? -1, x!.rank);
    return [{ dtype: x!.dtype, shape: x!.shape }];
  },
  flops: ({ inputs: [x] }) => 3 * sizeOf(x!.dims),
  gradient({ node, outputs: [y], cotangents: [dy] }) {
    const axis = axisOf("Softmax", (node.attributes.axis as number | undefined) ?? -1, y.rank);
    return [mul(y, sub(dy!, reduceSum(mul(dy!, y), [axis])))];
  },
};

/** ln softmax, computed without overflow. */
export const LogSoftmax: Operator = {
  opType: "LogSoftmax",
  infer({ inputs: [x], attributes }) {
    axisOf("LogSoftmax", (attributes.axis as number | undefined) ?? -1, x!.rank);
    return [{ dtype: x!.dtype, shape: x!.shape }];
  },
  flops: ({ inputs: [x] }) => 3 * sizeOf(x!.dims),
  gradient({ node, outputs: [y], cotangents: [dy] }) {
    const axis = axisOf("LogSoftmax", (node.attributes.axis as number | undefined) ?? -1, y.rank);
    return [sub(dy!, mul(exp(y), reduceSum(dy!, [axis])))];
  },
};

/** max(x, 0). */
export function relu(x: Value): Value {
  return x.graph.apply(Relu, [x])[0];
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
/** Probabilities along `axis`. */
export function softmax(x: Value, axis = -1): Value {
  return x.graph.apply(Softmax, [x], { axis })[0];
}
/** Log-probabilities along `axis`. */
export function logSoftmax(x: Value, axis = -1): Value {
  return x.graph.apply(LogSoftmax, [x], { axis })[0];
}
