import type { Value } from "../graph.ts";
import type { Operator } from "../operator.ts";
import { add, div, mul, neg, sub } from "./arithmetic.ts";
import { sqrt, unaryOperator } from "./unary.ts";

export const Sin: Operator = unaryOperator("Sin", ({ x, dy }) => mul(dy, cos(x)));
export const Cos: Operator = unaryOperator("Cos", ({ x, dy }) => neg(mul(dy, sin(x))));
/** ∂tan(x) = 1 + tan²x. */
export const Tan: Operator = unaryOperator("Tan", ({ y, dy }) => mul(dy, add(mul(y, y), 1)));
/** ∂asin(x) = 1 / √(1 − x²). */
export const Asin: Operator = unaryOperator("Asin", ({ x, dy }) => div(dy, sqrt(sub(1, mul(x, x)))));
/** ∂acos(x) = −1 / √(1 − x²). */
export const Acos: Operator = unaryOperator("Acos", ({ x, dy }) => neg(div(dy, sqrt(sub(1, mul(x, x))))));
/** ∂atan(x) = 1 / (1 + x²). */
export const Atan: Operator = unaryOperator("Atan", ({ x, dy }) => div(dy, add(mul(x, x), 1)));
export const Sinh: Operator = unaryOperator("Sinh", ({ x, dy }) => mul(dy, x.graph.apply(Cosh, [x])[0]));
export const Cosh: Operator = unaryOperator("Cosh", ({ x, dy }) => mul(dy, x.graph.apply(Sinh, [x])[0]));
/** ∂asinh(x) = 1 / √(x² + 1). */
export const Asinh: Operator = unaryOperator("Asinh", ({ x, dy }) => div(dy, sqrt(add(mul(x, x), 1))));
/** ∂acosh(x) = 1 / √(x² − 1). */
export const Acosh: Operator = unaryOperator("Acosh", ({ x, dy }) => div(dy, sqrt(sub(mul(x, x), 1))));
/** ∂atanh(x) = 1 / (1 − x²). */
export const Atanh: Operator = unaryOperator("Atanh", ({ x, dy }) => div(dy, sub(1, mul(x, x))));

/** Sine of radians. */
export function sin(x: Value): Value {
  return x.graph.apply(Sin, [x])[0];
}
/** Cosine of radians. */
export function cos(x: Value): Value {
  return x.graph.apply(Cos, [x])[0];
}
/** Arc tangent in radians. */
export function atan(x: Value): Value {
  return x.graph.apply(Atan, [x])[0];
}
