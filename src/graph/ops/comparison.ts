import type { Value } from "../graph.ts";
import type { Operator } from "../operator.ts";
import { broadcast } from "../shape.ts";
import { applyBinary } from "./arithmetic.ts";
import { type Operand, operandValue, requireSameType } from "./element-types.ts";
import { foldElementwise } from "./folding.ts";
import { sumTo } from "./reduction.ts";

function comparison(opType: string, compute: (a: number, b: number) => boolean): Operator {
  return {
    opType,
    elementwise: true,
    infer({ inputs: [a, b] }) {
      requireSameType(opType, [a, b]);
      return [{ dtype: "bool", shape: broadcast(opType, a!.shape, b!.shape) }];
    },
    fold: foldElementwise(opType, (a, b) => Number(compute(a, b))),
    flat: true,
  };
}

export const Greater: Operator = comparison("Greater", (a, b) => a > b);
export const GreaterOrEqual: Operator = comparison("GreaterOrEqual", (a, b) => a >= b);
export const Less: Operator = comparison("Less", (a, b) => a < b);
export const LessOrEqual: Operator = comparison("LessOrEqual", (a, b) => a <= b);
export const Equal: Operator = comparison("Equal", (a, b) => a === b);
export const And: Operator = comparison("And", (a, b) => a !== 0 && b !== 0);
export const Or: Operator = comparison("Or", (a, b) => a !== 0 || b !== 0);
export const Xor: Operator = comparison("Xor", (a, b) => (a !== 0) !== (b !== 0));

export const Not: Operator = {
  opType: "Not",
  elementwise: true,
  infer: ({ inputs: [x] }) => [{ dtype: "bool", shape: x!.shape }],
  fold: foldElementwise("Not", (x) => Number(x === 0)),
  flat: true,
};

/** Chooses from the second input where the first is true, else from the third. */
export const Where: Operator = {
  opType: "Where",
  elementwise: true,
  infer({ inputs: [condition, a, b] }) {
    requireSameType("Where", [a, b]);
    const shape = broadcast("Where", condition!.shape, broadcast("Where", a!.shape, b!.shape));
    return [{ dtype: a!.dtype, shape }];
  },
  fold: foldElementwise("Where", (condition, a, b) => (condition ? a : b)),
  gradient: ({ inputs: [condition, a, b], cotangents: [dy], wanted }) => [
    undefined,
    wanted[1] ? sumTo(where(condition, dy!, 0), a.shape) : undefined,
    wanted[2] ? sumTo(where(condition, 0, dy!), b.shape) : undefined,
  ],
};

/** a > b, as booleans. */
export function greater(a: Operand, b: Operand): Value {
  return applyBinary(Greater, a, b);
}
/** a ≥ b. */
export function greaterOrEqual(a: Operand, b: Operand): Value {
  return applyBinary(GreaterOrEqual, a, b);
}
/** a < b. */
export function less(a: Operand, b: Operand): Value {
  return applyBinary(Less, a, b);
}
/** a ≤ b. */
export function lessOrEqual(a: Operand, b: Operand): Value {
  return applyBinary(LessOrEqual, a, b);
}
/** a = b. */
export function equal(a: Operand, b: Operand): Value {
  return applyBinary(Equal, a, b);
}

/** Both, of booleans. */
export function and(a: Value, b: Value): Value {
  return applyBinary(And, a, b);
}
/** The opposite of booleans. */
export function not(x: Value): Value {
  return x.graph.apply(Not, [x])[0];
}

/** a where the condition holds, else b; two numbers are float32. */
export function where(condition: Value, a: Operand, b: Operand): Value {
  const model = typeof a === "number" ? b : a;
  const dtype = typeof model === "number" ? "float32" : model.dtype;
  const value = (x: Operand) => operandValue("Where", condition.graph, x, dtype);
  return condition.graph.apply(Where, [condition, value(a), value(b)])[0];
}
