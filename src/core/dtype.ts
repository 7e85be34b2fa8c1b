/** Element types, by the names that ONNX Runtime uses in JavaScript. */
export type DataType =
  | "float32"
  | "float64"
  | "float16"
  | "int8"
  | "uint8"
  | "int16"
  | "uint16"
  | "int32"
  | "uint32"
  | "int64"
  | "uint64"
  | "bool";

/** Arrays that hold tensor elements; `float16` is kept as its bits in a `Uint16Array`, `bool` as bytes. */
export type TensorArray =
  | Float32Array
  | Float64Array
  | Int8Array
  | Uint8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | BigInt64Array
  | BigUint64Array;

interface ArrayConstructor {
  new (length: number): TensorArray;
  new (buffer: ArrayBufferLike, byteOffset: number, length: number): TensorArray;
  readonly BYTES_PER_ELEMENT: number;
}

const arrayTypes: Record<DataType, ArrayConstructor> = {
  float32: Float32Array,
  float64: Float64Array,
  float16: Uint16Array,
  int8: Int8Array,
  uint8: Uint8Array,
  int16: Int16Array,
  uint16: Uint16Array,
  int32: Int32Array,
  uint32: Uint32Array,
  int64: BigInt64Array,
  uint64: BigUint64Array,
  bool: Uint8Array,
};

/** Whether a name is that of an element type that can be held. */
export function isDataType(name: string): name is DataType {
  return Object.hasOwn(arrayTypes, name);
}

/** Bytes of one element. */
export function bytesPerElement(dtype: DataType): number {
  return arrayTypes[dtype].BYTES_PER_ELEMENT;
}

/** A zeroed array for `length` elements. */
export function allocate(dtype: DataType, length: number): TensorArray {
  return new arrayTypes[dtype](length);
}

/** The elements in little-endian bytes, copied only where the bytes are not aligned for their type. */
export function viewBytes(dtype: DataType, bytes: Uint8Array): TensorArray {
  const size = bytesPerElement(dtype);
  const aligned = bytes.byteOffset % size === 0 ? bytes : new Uint8Array(bytes);
  return new arrayTypes[dtype](aligned.buffer, aligned.byteOffset, bytes.byteLength / size);
}

/** True for the types that can carry a gradient. */
export function isFloat(dtype: DataType): boolean {
  return dtype === "float32" || dtype === "float64" || dtype === "float16";
}
