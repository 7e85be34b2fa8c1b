import { FoveaError } from "../core/index.ts";
import { type ModelProto, writeModel } from "../graph/index.ts";
import { cardToMetadata, openModelFile } from "../models/index.ts";
import { cardOf } from "./model-card.ts";
import { below, IOU_THRESHOLD, SCORE_THRESHOLD } from "./postprocess.ts";

/** What a detector drops. */
export interface DetectorThresholds {
  /** Detections at or below this score are dropped, in [0, 1]; default: the file's own, 0.25. */
  scoreThreshold?: number;
  /**
   * Of two boxes of a class whose IoU reaches this, only the better stays, in [0, 1], where 0 is any overlap; default: the file's,
   * 0.5.
   */
  iouThreshold?: number;
}

/**
 * Sets the thresholds of an opened detector: the constants of its graph, and what its metadata says of them.
 * @throws FoveaError `argument-range`; `not-a-detector` where the graph has no such constants
 */
export function setThresholds(model: ModelProto, { scoreThreshold, iouThreshold }: DetectorThresholds): void {
  if (scoreThreshold !== undefined) {
    requireThreshold("scoreThreshold", scoreThreshold);
    setConstant(model, SCORE_THRESHOLD, scoreThreshold);
    setMetadata(model, { scoreThreshold });
  }
  if (iouThreshold !== undefined) {
    requireThreshold("iouThreshold", iouThreshold);
    setConstant(model, IOU_THRESHOLD, below(iouThreshold));
    setMetadata(model, { iouThreshold });
  }
}

/**
 * A detector's file with other thresholds, for runtimes that take it as it is (in Node, {@link Detector.load} sets them).
 * @param source its file, or the file's bytes
 * @throws FoveaError `model-missing`, `model-unreadable`, `not-a-detector`, `argument-range`
 */
export async function withThresholds(
  source: string | Uint8Array,
  thresholds: DetectorThresholds,
): Promise<Uint8Array> {
  const { name, model } = await openModelFile(source);
  cardOf(model, name); // a detector
  setThresholds(model, thresholds);
  return writeModel(model);
}

function requireThreshold(name: string, value: number): void {
  if (value >= 0 && value <= 1) return;
  throw new FoveaError("argument-range", `Detector: \`${name}\` (=${value}) must be within 0 … 1.`);
}

function setConstant(model: ModelProto, name: string, value: number): void {
  const constant = model.graph.initializer.find((initializer) => initializer.name === name);
  if (!constant) {
    throw new FoveaError(
      "not-a-detector",
      `The model has no constant \`${name}\`, so its threshold cannot be set; open it with its own thresholds.`,
    );
  }
  constant.rawData = new Uint8Array(Float32Array.of(value).buffer);
}

function setMetadata(model: ModelProto, fields: object): void {
  for (const [key, value] of Object.entries(cardToMetadata(fields))) {
    const property = model.metadataProps.find((each) => each.key === key);
    if (property) property.value = value;
    else model.metadataProps.push({ key, value });
  }
}
