import { allocate, type DataType, type TensorArray } from "./dtype.ts";
import { FoveaError } from "./errors.ts";

/** Elements with a type and a shape, row-major. */
export interface Tensor {
  readonly dtype: DataType;
  readonly shape: readonly number[];
  readonly data: TensorArray;
}

/** Number of elements of a shape; 1 for a scalar's `[]`. */
export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, dim) => product * dim, 1);
}

/** A tensor from plain numbers or a typed array. Plain numbers are converted to `dtype` (default float32). */
export function tensor(
  values: ArrayLike<number | bigint>,
  shape: readonly number[] = [values.length],
  dtype: DataType = "float32",
): Tensor {
  if (sizeOf(shape) !== values.length) {
    throw new FoveaError(
      "tensor-size",
      `tensor: \`shape\` (=[${shape}]) needs ${sizeOf(shape)} values, but \`values\` has ${values.length}.`,
    );
  }
  const data = allocate(dtype, values.length);
  if (data instanceof BigInt64Array || data instanceof BigUint64Array) {
    for (let i = 0; i < values.length; i++) data[i] = BigInt(values[i]);
  } else {
    for (let i = 0; i < values.length; i++) data[i] = Number(values[i]);
  }
  return { dtype, shape, data };
}

/** A tensor of zeros. */
export function zeros(shape: readonly number[], dtype: DataType = "float32"): Tensor {
  return { dtype, shape, data: allocate(dtype, sizeOf(shape)) };
}

/** The elements as plain numbers. */
export function toNumbers(value: Tensor): number[] {
  return Array.from(value.data as ArrayLike<number | bigint>, Number);
}
