/**
 * The engine: build a graph, differentiate it, compile it, run it.
 * @module
 */
export { grad } from "../autodiff/index.ts";
export { type DataType, FoveaError, Random, type Tensor, tensor, toNumbers, zeros } from "../core/index.ts";
export * from "../graph/index.ts";
export { type CompileOptions, compile, type DeviceOptions, Program, type Tensors } from "../runtime/index.ts";
