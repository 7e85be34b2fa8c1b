export { type ImportedTfjsModel, importTfjs, type TfjsImportOptions } from "./import.ts";
export { readTfjsModel, readWeights, type TfjsModel } from "./read-model.ts";
export { type Pads, samePads } from "./same-padding.ts";
export { permuteTensor, TfTensor } from "./tf-tensor.ts";
export { decodeWeights, type WeightEntry } from "./weights.ts";
