import { FoveaError, messageOf } from "../core/index.ts";
import { type ModelBytes, type ModelProto, readModel, readModelFile } from "../graph/index.ts";
import { isAddress, pullModel } from "./remote/index.ts";

/** A model's file, read. */
export interface ModelFile extends ModelBytes {
  model: ModelProto;
}

/**
 * Reads a model from its file, from an address (fetched once into the cache), or from the file's bytes.
 * @throws FoveaError `model-missing`, `model-unreadable`; `download-failed` for an address
 */
export async function openModelFile(source: string | Uint8Array): Promise<ModelFile> {
  const name = typeof source === "string" ? source : "given bytes";
  const path = typeof source === "string" ? await pathOf(source) : undefined;
  const bytes = typeof source === "string" ? await readModelFile(path!) : source;
  const unreadable = (why: string, cause?: unknown) =>
    new FoveaError(
      "model-unreadable",
      `Model \`${name}\` of ${bytes.length} bytes is not a whole ONNX file: ${why}; copy it again, or give another.`,
      { cause },
    );
  try {
    const model = readModel(bytes);
    if (model.graph?.node.length) return { name, bytes, path, model };
  } catch (cause) {
    throw unreadable(messageOf(cause), cause);
  }
  throw unreadable("it has no graph");
}

async function pathOf(source: string): Promise<string> {
  return isAddress(source) ? (await pullModel(source)).path : source;
}
