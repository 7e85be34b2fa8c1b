import { createHash } from "node:crypto";
import { FoveaError } from "../../core/index.ts";
import { type ImportedModel, importModel } from "../../graph/index.ts";
import {
  openModelFile,
  openReadyDescriber,
  readCard,
  readyDescribers,
  readyModels,
} from "../../models/index.ts";
import { CHIP_SIZE } from "../alignment.ts";
import type { FaceAlignment } from "../chip.ts";
import { ENCODING_SIZE } from "../encoder.ts";
import { encoderDigest } from "../encoder-model.ts";

/** An encoder to learn on from, as a graph of one picture. */
export interface TrainedEncoder {
  /** Name of the net. */
  model: string;
  /** As `FaceEncoder` tells it. */
  digest: string;
  imported: ImportedModel;
  side: number;
  size: number;
  normalized: boolean;
  alignment: FaceAlignment;
}

/**
 * Opens the ready encoder by its name, or one from its file.
 * @throws FoveaError `model-missing`, `model-unreadable`, `not-an-encoder`; `package-missing` for the ready one
 */
export async function openTrainedEncoder(
  source: string,
  onConvert?: (name: string) => void,
): Promise<TrainedEncoder> {
  const isReady = readyDescribers.includes(source);
  const file = isReady ? (await openReadyDescriber(source, () => onConvert?.(source))).bytes : source;
  const { bytes, model } = await openModelFile(file);
  const card = readCard(model) as Partial<TrainedEncoder> & { task?: string };
  if (card.task !== "describe") {
    throw new FoveaError(
      "not-an-encoder",
      `Model \`${source}\` does not encode faces${card.task ? ` (its task is "${card.task}")` : ""}; give face-descriptor, or a best.onnx of \`fovea face train\`.`,
    );
  }
  const { side = CHIP_SIZE, size = ENCODING_SIZE, normalized = false, alignment = "dlib" } = card;
  const imported = importModel(bytes, { dims: { N: 1 } });
  const net = isReady
    ? readyModels.get(source)!.source.sha256
    : createHash("sha256").update(bytes).digest("hex");
  const digest = encoderDigest(net, alignment);
  return { model: card.model ?? source, digest, imported, side, size, normalized, alignment };
}
