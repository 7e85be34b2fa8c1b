import { createHash } from "node:crypto";
import { FoveaError } from "../core/index.ts";
import {
  openModelFile,
  openReadyDescriber,
  readCard,
  readyDescribers,
  readyModels,
} from "../models/index.ts";
import { CHIP_SIZE } from "./alignment.ts";
import type { FaceAlignment } from "./chip.ts";
import { encoderDigest } from "./encoder-model.ts";

/** Length of the ready encoder's encodings. */
export const ENCODING_SIZE = 128;

/** What an encoder's file says of how it is used. */
export interface EncoderUse {
  /** Name of the net; undefined where the file does not say. */
  model?: string;
  /** Side in pixels of the faces that it takes. */
  side: number;
  alignment: FaceAlignment;
  /** Length of its encodings. */
  size: number;
  /** Whether encodings have length 1. */
  normalized: boolean;
  /** Distance up to which two faces are best taken for one person's, where its training has measured it. */
  threshold?: number;
}

/** An encoder's file, read. */
export interface EncoderFile {
  /** What people call it: the ready encoder's name, or the file's. */
  name: string;
  bytes: Uint8Array;
  /** Tells its encodings from others', see {@link encoderDigest}. */
  digest: string;
  use: EncoderUse;
}

/**
 * Reads the ready encoder by its name, or one from its file.
 * @param onConvert hears that the ready model is converted
 * @throws FoveaError `model-missing`, `model-unreadable`, `not-an-encoder`; `package-missing` for the ready one
 */
export async function readEncoderFile(
  source: string | Uint8Array,
  onConvert?: (name: string) => void,
): Promise<EncoderFile> {
  const ready = typeof source === "string" && readyDescribers.includes(source) ? source : undefined;
  const given = ready ? (await openReadyDescriber(ready, () => onConvert?.(ready))).bytes : source;
  const { name: fileName, bytes, model } = await openModelFile(given);
  const name = ready ?? fileName;
  const card: Partial<EncoderUse> & { task?: unknown } = readCard(model);
  if (card.task !== "describe") {
    throw new FoveaError(
      "not-an-encoder",
      `Model \`${name}\` does not encode faces${card.task ? ` (its task is "${card.task}")` : ""}; give face-descriptor, or a best.onnx of \`fovea face train\`.`,
    );
  }
  const { side = CHIP_SIZE, alignment = "dlib", size = ENCODING_SIZE, normalized = false } = card;
  // The ready net's file changes with Fovea's version, its weights do not.
  const net = ready
    ? readyModels.get(ready)!.source.sha256
    : createHash("sha256").update(bytes).digest("hex");
  const use = { model: card.model, side, alignment, size, normalized, threshold: card.threshold };
  return { name, bytes, digest: encoderDigest(net, alignment), use };
}
