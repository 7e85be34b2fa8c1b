import { sizeOf, tensor, toNumbers } from "../../core/index.ts";
import type { Value } from "../graph.ts";
import type { Operator } from "../operator.ts";
import { knownNumbers } from "./known-numbers.ts";

/** The shape of a tensor, as int64, or its part from the attribute `start` to `end`. */
export const ShapeOf: Operator = {
  opType: "Shape",
  infer: ({ inputs: [x], attributes }) => [{ dtype: "int64", shape: [part(x!.shape, attributes).length] }],
  foldsShape: true,
  fold: ({ inputs: [x], attributes }) => {
    const dims = part(x!.dims, attributes);
    return tensor(dims, [dims.length], "int64");
  },
  flat: true,
};

function part<T>(shape: readonly T[], attributes: Readonly<Record<string, unknown>>): readonly T[] {
  const { start = 0, end } = attributes as { start?: number; end?: number };
  return shape.slice(start, end);
}

/** The number of elements, as int64. */
export const Size: Operator = {
  opType: "Size",
  infer: () => [{ dtype: "int64", shape: [] }],
  foldsShape: true,
  fold: ({ inputs: [x] }) => tensor([sizeOf(x!.dims)], [], "int64"),
  flat: true,
};

/** A tensor of the shape that its input holds, filled with the attribute `value` (default 0, float32). */
export const ConstantOfShape: Operator = {
  opType: "ConstantOfShape",
  infer({ inputs: [shape], attributes, shapes }) {
    const dtype = attributes.value ? (attributes.value as { dtype: "float32" }).dtype : "float32";
    if (shapes) return [{ dtype, shape: shapes[0] }];
    return [{ dtype, shape: knownNumbers("ConstantOfShape", shape!) }];
  },
  fold({ attributes, kind }) {
    const filling = attributes.value ? toNumbers(attributes.value as ReturnType<typeof tensor>)[0] : 0;
    const shape = kind.shape as readonly number[];
    return tensor(new Array<number>(sizeOf(shape)).fill(filling), shape, kind.dtype);
  },
  flat: true,
};

/** The numbers from `start` by `delta` to before `limit`. */
export const Range: Operator = {
  opType: "Range",
  infer({ inputs }) {
    return [{ dtype: inputs[0]!.dtype, shape: [rangeOf(inputs).length] }];
  },
  fold: ({ inputs, kind }) => tensor(rangeOf(inputs), kind.shape as readonly number[], kind.dtype),
  flat: true,
};

function rangeOf(inputs: readonly (Value | undefined)[]): number[] {
  const [start, limit, delta] = inputs.map((input) => knownNumbers("Range", input!)[0]);
  const length = Math.max(0, Math.ceil((limit - start) / delta));
  return Array.from({ length }, (_, i) => start + i * delta);
}

/** The shape of x as a list of int64: a constant where it is known, else computed at run time. */
export function shapeOf(x: Value): Value {
  return x.graph.apply(ShapeOf, [x])[0];
}
