import type { Value } from "../graph.ts";
import type { Operator } from "../operator.ts";
import { sigmoid, softplus, tanh } from "./activation.ts";
import { add, mul, sub } from "./arithmetic.ts";
import { exp, unaryOperator } from "./unary.ts";

/** The error function; ∂erf(x) = 2/√π · e^(−x²). */
export const Erf: Operator = unaryOperator("Erf", ({ x, dy }) =>
  mul(dy, mul(exp(mul(mul(x, x), -1)), 2 / Math.sqrt(Math.PI))),
);

/** x · Φ(x) (Hendrycks & Gimpel 2016); with the attribute `approximate` "tanh" by the tanh formula. */
export const Gelu: Operator = unaryOperator("Gelu", ({ node, x, dy }) =>
  mul(dy, node.attributes.approximate === "tanh" ? tanhGeluSlope(x) : geluSlope(x)),
);

/** Φ(x) + x·φ(x). */
function geluSlope(x: Value): Value {
  const below = mul(add(erf(mul(x, Math.SQRT1_2)), 1), 0.5);
  const density = mul(exp(mul(mul(x, x), -0.5)), 1 / Math.sqrt(2 * Math.PI));
  return add(below, mul(x, density));
}

/** Derivative of ½x(1 + tanh u), u = √(2/π)·(x + 0.044715x³). */
function tanhGeluSlope(x: Value): Value {
  const factor = Math.sqrt(2 / Math.PI);
  const square = mul(x, x);
  const t = tanh(mul(mul(x, add(mul(square, 0.044715), 1)), factor));
  const inner = mul(add(mul(square, 3 * 0.044715), 1), factor);
  return add(mul(add(t, 1), 0.5), mul(mul(mul(x, 0.5), sub(1, mul(t, t))), inner));
}

/** x · tanh(softplus(x)) (Misra 2019). */
export const Mish: Operator = unaryOperator("Mish", ({ x, dy }) => {
  const t = tanh(softplus(x));
  return mul(dy, add(t, mul(mul(x, sub(1, mul(t, t))), sigmoid(x))));
});

/** The error function. */
export function erf(x: Value): Value {
  return x.graph.apply(Erf, [x])[0];
}
/** x · Φ(x), Φ the normal distribution; `approximate` "tanh" takes the tanh formula. */
export function gelu(x: Value, approximate: "none" | "tanh" = "none"): Value {
  return x.graph.apply(Gelu, [x], { approximate })[0];
}
/** x · tanh(softplus(x)). */
export function mish(x: Value): Value {
  return x.graph.apply(Mish, [x])[0];
}
/** x · sigmoid(x), also called swish (Ramachandran et al. 2017). */
export function silu(x: Value): Value {
  return mul(x, sigmoid(x));
}
