import {
  bytesPerElement,
  type DataType,
  FoveaError,
  sizeOf,
  type Tensor,
  tensor,
  viewBytes,
} from "../../core/index.ts";
import type { Partially, TensorProto } from "./schema.ts";

const codes: Record<DataType, number> = {
  float32: 1,
  uint8: 2,
  int8: 3,
  uint16: 4,
  int16: 5,
  int32: 6,
  int64: 7,
  bool: 9,
  float16: 10,
  float64: 11,
  uint32: 12,
  uint64: 13,
};
const names: Map<number, DataType> = new Map(
  Object.entries(codes).map(([name, code]) => [code, name as DataType]),
);

/** ONNX's number of an element type. */
export function dataTypeCode(dtype: DataType): number {
  return codes[dtype];
}

/**
 * The element type of ONNX's number; throws `dtype-unknown` for those that Fovea does not handle.
 * @param of what has it, for that message
 */
export function dataTypeOf(code: number, of: string): DataType {
  const dtype = names.get(code);
  if (dtype) return dtype;
  throw new FoveaError(
    "dtype-unknown",
    `${of} is of ONNX's element type ${code}, which is not supported; export the model with ${[...names.values()].slice(0, -1).join(", ")} or ${[...names.values()].at(-1)}.`,
  );
}

/** A tensor as an initializer. The bytes are shared, not copied. */
export function toTensorProto(name: string, { dtype, shape, data }: Tensor): Partially<TensorProto> {
  return {
    name,
    dims: [...shape],
    dataType: codes[dtype],
    rawData: new Uint8Array(data.buffer, data.byteOffset, data.byteLength),
  };
}

/**
 * An initializer as a tensor, from raw bytes or from the typed lists.
 * @throws FoveaError `tensor-size` where it has more or fewer elements than its shape says
 */
export function fromTensorProto(proto: TensorProto): Tensor {
  const dtype = dataTypeOf(proto.dataType, `Tensor \`${proto.name}\``);
  if (proto.rawData.length > 0) return tensorOfBytes(proto, proto.rawData);
  const lists = [proto.floatData, proto.int32Data, proto.int64Data, proto.doubleData, proto.uint64Data];
  const list = lists.find((list) => list.length > 0) ?? [];
  if (list.length !== sizeOf(proto.dims)) {
    throw new FoveaError(
      "tensor-size",
      `Tensor \`${proto.name}\` (${dtype} [${proto.dims}]) needs ${sizeOf(proto.dims)} elements, but ${list.length} are there: the file is damaged; copy or export it again.`,
    );
  }
  const { shape, data } = tensor(list, proto.dims, dtype === "float16" ? "uint16" : dtype); // lists hold float16's bits
  return { dtype, shape, data };
}

/** A tensor whose elements are little-endian bytes; throws `tensor-size`. */
export function tensorOfBytes({ name, dims, dataType }: TensorProto, bytes: Uint8Array): Tensor {
  const dtype = dataTypeOf(dataType, `Tensor \`${name}\``);
  const wanted = sizeOf(dims) * bytesPerElement(dtype);
  if (bytes.length !== wanted) {
    throw new FoveaError(
      "tensor-size",
      `Tensor \`${name}\` (${dtype} [${dims}]) needs ${wanted} bytes, but ${bytes.length} are there: a file is damaged or was cut off; copy or export it again.`,
    );
  }
  return { dtype, shape: dims, data: viewBytes(dtype, bytes) };
}
