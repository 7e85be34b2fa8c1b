import { type DataType, isFloat, sizeOf } from "../../core/index.ts";
import type { Value } from "../graph.ts";
import type { GradientContext, Operator } from "../operator.ts";
import { div, mul, neg } from "./arithmetic.ts";
import { foldElementwise } from "./folding.ts";

/** An elementwise operator of one operand; `derivative` turns the output's cotangent into the input's. */
export function unaryOperator(
  opType: string,
  derivative: ((context: GradientContext & { x: Value; y: Value; dy: Value }) => Value) | "flat",
  { floats, compute }: { floats?: readonly string[]; compute?: (x: number) => number } = {},
): Operator {
  return {
    opType,
    floats,
    elementwise: true,
    fold: compute && foldElementwise(opType, compute),
    flops: ({ outputs: [y] }) => sizeOf(y.dims),
    infer: ({ inputs: [x] }) => [{ dtype: x!.dtype, shape: x!.shape }],
    flat: derivative === "flat",
    gradient:
      derivative === "flat"
        ? undefined
        : (context) => [
            derivative({
              ...context,
              x: context.inputs[0],
              y: context.outputs[0],
              dy: context.cotangents[0]!,
            }),
          ],
  };
}

function apply(operator: Operator, x: Value): Value {
  return x.graph.apply(operator, [x])[0];
}

export const Exp: Operator = unaryOperator("Exp", ({ y, dy }) => mul(dy, y));
export const Log: Operator = unaryOperator("Log", ({ x, dy }) => div(dy, x));
export const Sqrt: Operator = unaryOperator("Sqrt", ({ y, dy }) => div(mul(dy, 0.5), y), {
  compute: Math.sqrt,
});
export const Abs: Operator = unaryOperator("Abs", ({ x, dy }) => mul(dy, sign(x)), {
  compute: Math.abs,
});
export const Reciprocal: Operator = unaryOperator("Reciprocal", ({ y, dy }) => neg(mul(dy, mul(y, y))));
export const Floor: Operator = unaryOperator("Floor", "flat", { compute: Math.floor });
export const Ceil: Operator = unaryOperator("Ceil", "flat", { compute: Math.ceil });
export const Round: Operator = unaryOperator("Round", "flat");
export const Sign: Operator = unaryOperator("Sign", "flat", { compute: Math.sign });

/** Converts elements to the type that the attribute `to` names. */
export const Cast: Operator = {
  opType: "Cast",
  dtypes: ["to"],
  infer: ({ inputs: [x], attributes }) => [{ dtype: attributes.to as DataType, shape: x!.shape }],
  fold: (context) =>
    foldElementwise("Cast", context.kind.dtype === "bool" ? (x) => Number(x !== 0) : (x) => x)(context),
  gradient: ({ inputs: [x], cotangents: [dy] }) => [isFloat(x.dtype) ? cast(dy!, x.dtype) : undefined],
};

/** x as another element type. */
export function cast(x: Value, to: DataType): Value {
  return x.dtype === to ? x : x.graph.apply(Cast, [x], { to })[0];
}
/** eˣ. */
export function exp(x: Value): Value {
  return apply(Exp, x);
}
/** Natural logarithm. */
export function log(x: Value): Value {
  return apply(Log, x);
}
/** √x. */
export function sqrt(x: Value): Value {
  return apply(Sqrt, x);
}
/** |x|. */
export function abs(x: Value): Value {
  return apply(Abs, x);
}
/** 1 / x. */
export function reciprocal(x: Value): Value {
  return apply(Reciprocal, x);
}
/** −1, 0 or 1. */
export function sign(x: Value): Value {
  return apply(Sign, x);
}
/** The largest integer ≤ x. */
export function floor(x: Value): Value {
  return apply(Floor, x);
}
/** The nearest integer, halves to even. */
export function round(x: Value): Value {
  return apply(Round, x);
}
