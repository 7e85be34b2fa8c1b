import { isFloat, sizeOf, type Tensor, tensor, toNumbers } from "../../core/index.ts";
import type { FoldContext } from "../operator.ts";
import { broadcast } from "../shape.ts";

/**
 * Evaluates an elementwise function of numbers at build time, with ONNX's broadcasting; undefined where a result is
 * no integer that should be one, as after a division by 0.
 */
export function foldElementwise(
  opType: string,
  compute: (...operands: number[]) => number,
): (context: FoldContext) => Tensor | undefined {
  return ({ tensors, kind }) => {
    const shape = tensors
      .map(({ shape }) => shape)
      .reduce((a, b) => broadcast(opType, a, b) as readonly number[]);
    const operands = tensors.map((operand) => broadcastNumbers(operand, shape));
    const size = sizeOf(shape);
    const results = Array.from({ length: size }, (_, i) => compute(...operands.map((operand) => operand[i])));
    if (isFloat(kind.dtype)) return tensor(results, shape, kind.dtype);
    return results.every(Number.isFinite) ? tensor(results.map(Math.trunc), shape, kind.dtype) : undefined;
  };
}

/** Same elements in the output's shape. */
export function foldReshaped({ tensors: [x], kind }: FoldContext): Tensor {
  return { dtype: x.dtype, shape: kind.shape as readonly number[], data: x.data };
}

/** The elements as they come when repeated to a shape. */
export function broadcastNumbers(value: Tensor, shape: readonly number[]): number[] {
  const numbers = toNumbers(value);
  const lead = shape.length - value.shape.length;
  const size = sizeOf(shape);
  return Array.from({ length: size }, (_, flat) => {
    let [rest, at, step] = [flat, 0, 1];
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      const position = rest % shape[axis];
      rest = Math.floor(rest / shape[axis]);
      const own = value.shape[axis - lead] ?? 1;
      if (own > 1) at += position * step;
      step *= own;
    }
    return numbers[at];
  });
}
