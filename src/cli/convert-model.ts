import { extname } from "node:path";
import { encodeModel, openModel, storeAsFloat16, type Value } from "../graph/index.ts";
import { importTfjs, readTfjsModel } from "../models/index.ts";

/** How to convert. */
export interface ConvertOptions {
  /** Shapes of inputs that the file leaves open. */
  shapes?: Readonly<Record<string, readonly number[]>>;
  /** Of TensorFlow.js models only. */
  channelsFirst?: boolean;
  float16?: boolean;
}

/** Whether a file is taken for a TensorFlow.js model. */
export function isTfjsFile(path: string): boolean {
  return extname(path).toLowerCase() === ".json";
}

/**
 * An ONNX file of another file: a TensorFlow.js graph model (`.json`), or an ONNX file of any operator set that can be read.
 * @throws what {@link readTfjsModel}, {@link importTfjs} and {@link openModel} throw
 */
export async function convertModel(
  path: string,
  { shapes, channelsFirst, float16 = false }: ConvertOptions,
): Promise<Uint8Array> {
  const { outputs, metadata } = isTfjsFile(path)
    ? await readTfjs(path, { shapes, channelsFirst })
    : await openModel(path, { shapes });
  const stored = float16 ? storeAsFloat16(outputs).outputs : outputs;
  return encodeModel({ outputs: { ...stored }, metadata });
}

async function readTfjs(
  path: string,
  options: Pick<ConvertOptions, "shapes" | "channelsFirst">,
): Promise<{ outputs: Readonly<Record<string, Value>>; metadata: Readonly<Record<string, string>> }> {
  const model = await readTfjsModel(path);
  const { outputs } = importTfjs(model, options);
  return { outputs, metadata: model.generatedBy ? { source: model.generatedBy } : {} };
}
