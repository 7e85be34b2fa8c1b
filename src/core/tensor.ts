import { allocate, type DataType, type TensorArray } from "./dtype.ts";
import { FoveaError } from "./errors.ts";
import { halfBits, halfValue } from "./half.ts";

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

function requireShape(caller: string, shape: readonly number[]): void {
  if (shape.every((size) => Number.isInteger(size) && size >= 0)) return;
  throw new FoveaError("argument-range", `${caller}: \`shape\` (=[${shape}]) must be whole numbers ≥ 0.`);
}

/**
 * A tensor from numbers, plain or in a typed array, which are converted to `dtype` (default float32): 0.5 in float16 is
 * stored as the bits of one half. Numbers beyond the ends of int64 and uint64, infinite ones too, become these ends, as
 * ONNX writes "to the end" with the largest; fractions and NaN are refused there.
 * @throws FoveaError `tensor-size`, `argument-range`
 */
export function tensor(
  values: ArrayLike<number | bigint>,
  shape: readonly number[] = [values.length],
  dtype: DataType = "float32",
): Tensor {
  requireShape("tensor", shape);
  if (sizeOf(shape) !== values.length) {
    throw new FoveaError(
      "tensor-size",
      `tensor: \`shape\` (=[${shape}]) needs ${sizeOf(shape)} values, but \`values\` has ${values.length}.`,
    );
  }
  const data = allocate(dtype, values.length);
  if (data instanceof BigInt64Array || data instanceof BigUint64Array) {
    const [least, most] =
      data instanceof BigInt64Array ? [-(2n ** 63n), 2n ** 63n - 1n] : [0n, 2n ** 64n - 1n];
    for (let i = 0; i < values.length; i++) {
      const value = values[i];
      data[i] = value < least ? least : value > most ? most : wholeNumber(value, i, dtype);
    }
  } else {
    const stored = dtype === "float16" ? halfBits : (value: number) => value;
    for (let i = 0; i < values.length; i++) data[i] = stored(Number(values[i]));
  }
  return { dtype, shape, data };
}

/** Throws `argument-range` for fractions and NaN. */
function wholeNumber(value: number | bigint, index: number, dtype: DataType): bigint {
  if (typeof value === "bigint" || Number.isInteger(value)) return BigInt(value);
  throw new FoveaError(
    "argument-range",
    `tensor: \`values[${index}]\` (=${value}) is no whole number, and ${dtype} holds no other; round it, or choose a float type.`,
  );
}

/** A tensor of zeros. Throws `argument-range`. */
export function zeros(shape: readonly number[], dtype: DataType = "float32"): Tensor {
  requireShape("zeros", shape);
  return { dtype, shape, data: allocate(dtype, sizeOf(shape)) };
}

/** The elements as plain numbers, whatever their type; int64 beyond ±2⁵³ is rounded. */
export function toNumbers({ dtype, data }: Tensor): number[] {
  const numbers = Array.from(data as ArrayLike<number | bigint>, Number);
  return dtype === "float16" ? numbers.map(halfValue) : numbers;
}
