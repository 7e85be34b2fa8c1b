import { type ModelProto, readModel, writeModel } from "../graph/index.ts";

/**
 * A model whose inputs and outputs are told to be of any batch, for graphs that were built with one of a fixed size and in
 * which nothing depends on it.
 */
export function withAnyBatch(bytes: Uint8Array): Uint8Array {
  const model: ModelProto = readModel(bytes);
  for (const { type } of [...model.graph.input, ...model.graph.output]) {
    type!.tensorType!.shape!.dim[0] = { dimParam: "N" };
  }
  return writeModel(model);
}
