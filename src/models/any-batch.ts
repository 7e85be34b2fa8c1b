import { FoveaError } from "../core/index.ts";
import { type ModelProto, readModel, writeModel } from "../graph/index.ts";

/**
 * A model whose inputs and outputs are told to be of any batch, for graphs that were built with one of a fixed size and in
 * which nothing depends on it.
 * @throws FoveaError `model-unreadable`
 */
export function withAnyBatch(bytes: Uint8Array): Uint8Array {
  const model = readBytes(bytes);
  for (const { type } of [...model.graph.input, ...model.graph.output]) {
    type!.tensorType!.shape!.dim[0] = { dimParam: "N" };
  }
  return writeModel(model);
}

function readBytes(bytes: Uint8Array): ModelProto {
  try {
    const model = readModel(bytes);
    if (model.graph?.output.length) return model;
  } catch (cause) {
    throw new FoveaError("model-unreadable", "withAnyBatch: the bytes are no ONNX model.", { cause });
  }
  throw new FoveaError("model-unreadable", "withAnyBatch: the bytes hold no graph with outputs.");
}
