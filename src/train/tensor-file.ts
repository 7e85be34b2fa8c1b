import { createHash } from "node:crypto";
import { FoveaError, messageOf, type Tensor, writeOutput } from "../core/index.ts";
import { fromTensorProto, type ModelProto, readModel, toTensorProto, writeModel } from "../graph/index.ts";

/** Tensors with a text, as a file holds them. */
export interface TensorFile {
  tensors: Record<string, Tensor>;
  text: string;
}

const DIGEST = "digest";

/**
 * Writes an ONNX container of tensors with a text in its metadata. The file is whole or not there at all: written aside,
 * synced, renamed.
 *
 * @param kind what the file is; the text's name in the metadata
 * @throws FoveaError `output-unwritable`
 */
export async function writeTensorFile(
  path: string,
  kind: string,
  { tensors, text }: TensorFile,
): Promise<void> {
  const initializer = Object.entries(tensors).map(([name, value]) => toTensorProto(name, value));
  await writeOutput(
    path,
    writeModel({
      irVersion: 9,
      producerName: "fovea",
      metadataProps: [
        { key: kind, value: text },
        { key: DIGEST, value: digestOf(text, tensors) },
      ],
      graph: { name: kind, initializer },
    }),
  );
}

/**
 * What the bytes of such a file hold.
 * @throws FoveaError `tensor-file-unreadable` where they are of another kind, or have changed
 */
export function readTensorFile(bytes: Uint8Array, kind: string): TensorFile {
  const unreadable = (reason: string, cause?: unknown) =>
    new FoveaError("tensor-file-unreadable", reason, { cause });
  let model: ModelProto;
  try {
    model = readModel(bytes);
  } catch (cause) {
    throw unreadable(messageOf(cause), cause);
  }
  const metadata = new Map(model.metadataProps.map(({ key, value }) => [key, value]));
  const text = metadata.get(kind);
  if (text === undefined) throw unreadable(`it is no ${kind} of Fovea`);
  const tensors = Object.fromEntries(
    model.graph.initializer.map((proto) => [proto.name, fromTensorProto(proto)] as const),
  );
  if (digestOf(text, tensors) !== metadata.get(DIGEST)) throw unreadable("its bytes have changed");
  return { tensors, text };
}

/** Tells whether a file still holds what was written: a flipped bit in a tensor would go unnoticed otherwise. */
function digestOf(text: string, tensors: Readonly<Record<string, Tensor>>): string {
  const hash = createHash("sha256").update(text);
  for (const [name, { dtype, data }] of Object.entries(tensors)) hash.update(`${name} ${dtype}`).update(data);
  return hash.digest("hex");
}
