export { Graph, Node, orderedNodes, Value } from "./graph.ts";
export { type EncodeOptions, encodeModel, OPSET } from "./onnx/encode.ts";
export { type ImportedModel, type ImportOptions, importModel, openDimensions } from "./onnx/import.ts";
export { type ModelBytes, openModel, readModelFile } from "./onnx/open.ts";
export {
  type AttributeProto,
  type GraphProto,
  type ModelProto,
  type NodeProto,
  type Partially,
  readModel,
  type TensorProto,
  type ValueInfoProto,
  writeModel,
} from "./onnx/schema.ts";
export { fromTensorProto, toTensorProto } from "./onnx/tensor-proto.ts";
export type {
  Attribute,
  Attributes,
  FoldContext,
  GradientContext,
  InferContext,
  Kind,
  Operator,
} from "./operator.ts";
export * from "./ops/index.ts";
export { type Readers, readersOf } from "./readers.ts";
export type { Dim, Shape } from "./shape.ts";
export { type LayerSummary, type NetSummary, summarize } from "./summary.ts";
export * from "./transform/index.ts";
