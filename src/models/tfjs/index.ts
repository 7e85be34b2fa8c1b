export { type ImportedTfjsModel, importTfjs, type TfjsImportOptions } from "./import.ts";
export type { TfAttribute, TfNode } from "./nodes.ts";
export { readTfjsModel, type TfjsModel } from "./read-model.ts";
export { readWeights, type WeightGroup } from "./read-weights.ts";
export { permuteTensor, TfTensor } from "./tf-tensor.ts";
export { decodeWeights, type WeightEntry } from "./weights.ts";
