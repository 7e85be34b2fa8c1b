export { mean, meanOfDefined, median } from "./average.ts";
export {
  allocate,
  bytesPerElement,
  type DataType,
  isDataType,
  isFloat,
  type TensorArray,
  viewBytes,
} from "./dtype.ts";
export { FoveaError, messageOf } from "./errors.ts";
export { groupBy } from "./group-by.ts";
export { halfBits, halfValue, LARGEST_HALF } from "./half.ts";
export { keepInputs, realPath } from "./keep-inputs.ts";
export { makeFolder } from "./make-folder.ts";
export { editDistance, nearestNames } from "./nearest-names.ts";
export { Random } from "./random.ts";
export { requireOneOf } from "./require-one-of.ts";
export { requireRange, requireWhole } from "./require-range.ts";
export { startWorker } from "./start-worker.ts";
export { sizeOf, type Tensor, tensor, toNumbers, zeros } from "./tensor.ts";
export { packageVersion } from "./version.ts";
export { unwritable, writeOutput, writeOutputPieces } from "./write-output.ts";
