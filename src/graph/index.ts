export { Graph, Node, orderedNodes, Value } from "./graph.ts";
export { type EncodeOptions, encodeModel, OPSET } from "./onnx/encode.ts";
export { type ModelProto, readModel, writeModel } from "./onnx/schema.ts";
export { fromTensorProto, toTensorProto } from "./onnx/tensor-proto.ts";
export type { Attribute, Attributes, GradientContext, InferContext, Kind, Operator } from "./operator.ts";
export * from "./ops/index.ts";
export type { Dim, Shape } from "./shape.ts";
