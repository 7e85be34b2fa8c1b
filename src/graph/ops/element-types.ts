import { type DataType, FoveaError, isFloat } from "../../core/index.ts";
import type { Graph, Value } from "../graph.ts";

/** A tensor, or a plain number that stands for a scalar of the other operand's type. */
export type Operand = Value | number;

/** Throws `dtype-mismatch` unless all tensors are of one element type. */
export function requireSameType(opType: string, [first, ...others]: readonly (Value | undefined)[]): void {
  for (const other of others) {
    if (!first || !other || other.dtype === first.dtype) continue;
    throw new FoveaError(
      "dtype-mismatch",
      `${opType}: \`${first.name}\` is ${first.dtype}, but \`${other.name}\` is ${other.dtype}; cast one of them.`,
    );
  }
}

/** An operand as a tensor: a number becomes a scalar of `dtype`; throws `argument-range` where that cannot hold it. */
export function operandValue(opType: string, graph: Graph, x: Operand, dtype: DataType): Value {
  if (typeof x !== "number") return x;
  if (isFloat(dtype)) return graph.scalar(x, dtype);
  const scalar = Number.isInteger(x) ? graph.scalar(x, dtype) : undefined;
  if (scalar && Number(scalar.constant!.data[0]) === x) return scalar;
  throw new FoveaError(
    "argument-range",
    `${opType}: ${x} stands beside a tensor of ${dtype}, which cannot hold it; cast the tensor, or give a whole number that fits.`,
  );
}
