import {
  bytesPerElement,
  type DataType,
  FoveaError,
  isDataType,
  sizeOf,
  type Tensor,
} from "../core/index.ts";
import type { Shape } from "./shape.ts";

/** Sizes are whole numbers ≥ 0; others come of strides, windows or channels that cannot be. */
export function requireShape(name: string, shape: Shape): void {
  if (shape.every((dim) => (typeof dim === "string" ? dim !== "" : Number.isInteger(dim) && dim >= 0)))
    return;
  throw new FoveaError(
    "argument-range",
    `Graph: tensor \`${name}\` would have the shape [${shape}]; dimensions are whole numbers ≥ 0, or names.`,
  );
}

/** ONNX takes an empty name for an input that is left out. */
export function requireName(name: string): void {
  if (name !== "") return;
  throw new FoveaError("argument-range", 'Graph: a tensor\'s name is empty; give it one, such as "x".');
}

export function requireType(name: string, dtype: DataType): void {
  if (isDataType(dtype)) return;
  throw new FoveaError(
    "dtype-unknown",
    `Graph: tensor \`${name}\` is to be of type "${dtype}", which is none; take "float32", for example.`,
  );
}

export function requireElements(name: string, { dtype, shape, data }: Tensor): void {
  if (data.length === sizeOf(shape) && data.BYTES_PER_ELEMENT === bytesPerElement(dtype)) return;
  throw new FoveaError(
    "tensor-size",
    `Graph.constant: \`${name}\` is ${dtype} [${shape}], but its data are ${data.length} elements of ${data.BYTES_PER_ELEMENT} bytes; make it with \`tensor\`.`,
  );
}

export function requireWhole(numbers: readonly (number | string)[]): void {
  const wrong = numbers.find((number) => !Number.isInteger(number));
  if (wrong === undefined) return;
  if (typeof wrong === "string") {
    throw new FoveaError(
      "shape-unknown",
      `Graph.integers: dimension \`${wrong}\` of [${numbers}] is known at run time only; give inputs a shape without names, or compute with shapeOf.`,
    );
  }
  throw new FoveaError(
    "argument-range",
    `Graph.integers: [${numbers}] holds ${wrong}; a list of int64 takes whole numbers.`,
  );
}
