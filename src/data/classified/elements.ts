import { endianness } from "node:os";
import { fromFloat16 } from "../../graph/index.ts";

/** How one number is stored. */
export interface ElementType {
  /** Boolean (a byte), unsigned, signed, floating-point. */
  kind: "bool" | "uint" | "int" | "float";
  /** Bytes of a number: 1, 2, 4 or 8. */
  size: number;
  bigEndian: boolean;
}

/** Numbers as they were stored; float16 as float32. */
export type Elements =
  | Uint8Array
  | Int8Array
  | Uint16Array
  | Int16Array
  | Uint32Array
  | Int32Array
  | BigUint64Array
  | BigInt64Array
  | Float32Array
  | Float64Array;

const HOST_IS_BIG_ENDIAN = endianness() === "BE";

const ARRAYS = {
  bool1: Uint8Array,
  uint1: Uint8Array,
  int1: Int8Array,
  uint2: Uint16Array,
  int2: Int16Array,
  float2: Uint16Array,
  uint4: Uint32Array,
  int4: Int32Array,
  float4: Float32Array,
  uint8: BigUint64Array,
  int8: BigInt64Array,
  float8: Float64Array,
} as const;

/**
 * The numbers that bytes hold; the bytes themselves where they need no change.
 *
 * @param bytes a whole number of elements
 */
export function readElements(bytes: Uint8Array, { kind, size, bigEndian }: ElementType): Elements {
  const swap = size > 1 && bigEndian !== HOST_IS_BIG_ENDIAN;
  // A copy begins at an address that every element type accepts.
  const own = swap || bytes.byteOffset % size !== 0 ? new Uint8Array(bytes) : bytes;
  if (swap) swapBytes(Buffer.from(own.buffer, own.byteOffset, own.byteLength), size);
  const ArrayOf = ARRAYS[`${kind}${size}` as keyof typeof ARRAYS];
  const elements = new ArrayOf(own.buffer as ArrayBuffer, own.byteOffset, own.byteLength / size);
  if (kind !== "float" || size !== 2) return elements;
  const data = elements as Uint16Array;
  return fromFloat16({ dtype: "float16", shape: [data.length], data }).data as Float32Array;
}

/** Writes numbers into floats or bytes from a position on, each as the nearest that these hold. */
export function putElements(into: Float32Array | Uint8Array, at: number, elements: Elements): void {
  if (elements instanceof BigInt64Array || elements instanceof BigUint64Array) {
    for (let i = 0; i < elements.length; i++) into[at + i] = Number(elements[i]);
  } else {
    into.set(elements, at);
  }
}

function swapBytes(bytes: Buffer, size: number): void {
  if (size === 2) bytes.swap16();
  else if (size === 4) bytes.swap32();
  else bytes.swap64();
}
