import { FoveaError, sizeOf } from "../../core/index.ts";
import type { Value } from "../graph.ts";
import type { GradientContext, Operator } from "../operator.ts";
import { broadcast } from "../shape.ts";
import { type Operand, operandValue, requireSameType } from "./element-types.ts";
import { foldElementwise } from "./folding.ts";
import { sumTo } from "./reduction.ts";

export type { Operand };

/** An elementwise operator of two operands, with ONNX's broadcasting. */
export function binaryOperator(
  opType: string,
  partials?: (context: GradientContext) => readonly (Value | undefined)[],
  compute?: (a: number, b: number) => number,
): Operator {
  return {
    opType,
    elementwise: true,
    infer({ inputs }) {
      const [a, b] = inputs;
      if (inputs.length !== 2) {
        throw new FoveaError("argument-count", `${opType}: takes 2 inputs here, not ${inputs.length}.`);
      }
      requireSameType(opType, inputs);
      return [{ dtype: a!.dtype, shape: broadcast(opType, a!.shape, b!.shape) }];
    },
    fold: compute && foldElementwise(opType, compute),
    flops: ({ outputs: [y] }) => sizeOf(y.dims),
    gradient:
      partials &&
      ((context) =>
        partials(context).map((partial, i) => partial && sumTo(partial, context.inputs[i].shape))),
  };
}

/**
 * Applies a binary operator to tensors or numbers, at least one of them a tensor.
 * @throws FoveaError `argument-range` for a number that the tensor's type cannot hold
 */
export function applyBinary(operator: Operator, a: Operand, b: Operand): Value {
  const { graph, dtype } = typeof a === "number" ? (b as Value) : a;
  const value = (x: Operand) => operandValue(operator.opType, graph, x, dtype);
  return graph.apply(operator, [value(a), value(b)])[0];
}

export const Add: Operator = binaryOperator(
  "Add",
  ({ cotangents: [dy] }) => [dy, dy],
  (a, b) => a + b,
);

export const Sub: Operator = binaryOperator(
  "Sub",
  ({ cotangents: [dy], wanted: [, wantB] }) => [dy, wantB ? neg(dy!) : undefined],
  (a, b) => a - b,
);

export const Mul: Operator = binaryOperator(
  "Mul",
  ({ inputs: [a, b], cotangents: [dy], wanted }) => [
    wanted[0] ? mul(dy!, b) : undefined,
    wanted[1] ? mul(dy!, a) : undefined,
  ],
  (a, b) => a * b,
);

export const Div: Operator = binaryOperator(
  "Div",
  ({ inputs: [, b], outputs: [y], cotangents: [dy], wanted }) => {
    const da = div(dy!, b); // ∂(a/b)/∂a = 1/b
    return [da, wanted[1] ? neg(mul(da, y)) : undefined]; // ∂(a/b)/∂b = −y/b
  },
  (a, b) => a / b,
);

/** The remainder; with the attribute `fmod` it has the sign of a, else that of b. */
export const Mod: Operator = {
  ...binaryOperator("Mod"),
  fold: (context) =>
    foldElementwise("Mod", context.attributes.fmod ? (a, b) => a % b : (a, b) => ((a % b) + b) % b)(context),
};

export const Neg: Operator = {
  opType: "Neg",
  elementwise: true,
  infer: ({ inputs: [x] }) => [{ dtype: x!.dtype, shape: x!.shape }],
  fold: foldElementwise("Neg", (x) => -x),
  gradient: ({ cotangents: [dy] }) => [neg(dy!)],
};

/** a + b, elementwise with broadcasting. */
export function add(a: Operand, b: Operand): Value {
  return applyBinary(Add, a, b);
}
/** a − b. */
export function sub(a: Operand, b: Operand): Value {
  return applyBinary(Sub, a, b);
}
/** a · b, elementwise. */
export function mul(a: Operand, b: Operand): Value {
  return applyBinary(Mul, a, b);
}
/** a / b; for integers the quotient rounded towards zero. */
export function div(a: Operand, b: Operand): Value {
  return applyBinary(Div, a, b);
}
/** −x. */
export function neg(x: Value): Value {
  return x.graph.apply(Neg, [x])[0];
}
