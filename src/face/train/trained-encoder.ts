import { type ImportedModel, importModel } from "../../graph/index.ts";
import type { FaceAlignment } from "../chip.ts";
import { readEncoderFile } from "../encoder-file.ts";

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
  const { bytes, digest, use } = await readEncoderFile(source, onConvert);
  const { model = source, side, size, normalized, alignment } = use;
  const imported = importModel(bytes, { dims: { N: 1 } });
  return { model, digest, imported, side, size, normalized, alignment };
}
