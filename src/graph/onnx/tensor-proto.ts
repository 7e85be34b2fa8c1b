import { type DataType, FoveaError, type Tensor, tensor, viewBytes } from "../../core/index.ts";
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

/** The element type of ONNX's number; throws `dtype-unknown` for those that Fovea does not handle. */
export function dataTypeOf(code: number): DataType {
  const dtype = names.get(code);
  if (!dtype) throw new FoveaError("dtype-unknown", `ONNX element type ${code} is not supported.`);
  return dtype;
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

/** An initializer as a tensor, from raw bytes or from the typed lists. */
export function fromTensorProto(proto: TensorProto): Tensor {
  const dtype = dataTypeOf(proto.dataType);
  if (proto.rawData.length > 0) return { dtype, shape: proto.dims, data: viewBytes(dtype, proto.rawData) };
  const lists = [proto.floatData, proto.int32Data, proto.int64Data, proto.doubleData, proto.uint64Data];
  return tensor(lists.find((list) => list.length > 0) ?? [], proto.dims, dtype);
}
