/**
 * What every sub-path shares, without the engine: faults, tensors, seeded random numbers.
 * @module
 */
export {
  type DataType,
  FoveaError,
  packageVersion,
  Random,
  type Tensor,
  type TensorArray,
  tensor,
  toNumbers,
  zeros,
} from "../core/index.ts";
