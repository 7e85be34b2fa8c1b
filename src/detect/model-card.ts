import { FoveaError } from "../core/index.ts";
import type { ModelProto } from "../graph/index.ts";

/** What a detector's file says of itself, in its metadata. */
export interface DetectorCard {
  task: "detect";
  /** Family of the net, for example "yolo nano". */
  model: string;
  classes: string[];
  /** Size that pictures are letterboxed to, in pixels. */
  input: { width: number; height: number };
  /** Grids with their anchors in input pixels. */
  grids: { stride: number; anchors: [number, number][] }[];
  scoreThreshold: number;
  iouThreshold: number;
  /** Fingerprint of the labels that it was trained on. */
  trainedOn: string;
  /** Version of Fovea that made it. */
  version: string;
}

/** The card as metadata: one key per field, each value as JSON. */
export function cardToMetadata(card: DetectorCard): Record<string, string> {
  return Object.fromEntries(
    Object.entries(card).map(([key, value]) => [`fovea.${key}`, JSON.stringify(value)] as const),
  );
}

/** A file's card; throws `not-a-detector` where it has none. */
export function cardOf(model: ModelProto, name: string): DetectorCard {
  const entries = model.metadataProps
    .filter(({ key }) => key.startsWith("fovea."))
    .map(({ key, value }) => [key.slice("fovea.".length), parsed(value)] as const);
  const card = Object.fromEntries(entries) as Partial<DetectorCard>;
  if (card.task !== "detect" || !card.classes) {
    throw new FoveaError(
      "not-a-detector",
      `Model \`${name}\` is not a detector made by Fovea${card.task ? ` (its task is "${card.task}")` : ""}; give a best.onnx of \`fovea detect train\`.`,
    );
  }
  return card as DetectorCard;
}

/** A metadata value; undefined where it is no JSON, and so nothing that Fovea wrote. */
function parsed(value: string): unknown {
  try {
    return JSON.parse(value);
  } catch {
    return undefined;
  }
}
