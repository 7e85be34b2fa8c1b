/**
 * The engine: build a graph, differentiate it, compile it, run it.
 * @module
 */
export { grad } from "../autodiff/index.ts";
export {
  type DataType,
  FoveaError,
  Random,
  type Tensor,
  type TensorArray,
  tensor,
  toNumbers,
  zeros,
} from "../core/index.ts";
export * from "../graph/index.ts";
export {
  type CompileOptions,
  compile,
  type DeviceOptions,
  Program,
  type Results,
  type Tensors,
} from "../runtime/index.ts";
