import { FoveaError } from "../core/index.ts";
import type { DetectionDataset } from "../data/index.ts";
import type { ModelProto } from "../graph/index.ts";
import { readCard } from "../models/index.ts";

/** What a localizer's file says of itself, in its metadata. */
export interface LocalizerCard {
  task: "localize";
  /** Name of the trunk. */
  model: string;
  classes: string[];
  /** Size that pictures are letterboxed to, in pixels. */
  input: { width: number; height: number };
  /** Pc from which on there is an object. */
  presenceThreshold: number;
  /** Fingerprint of the labels that it was trained on. */
  trainedOn: string;
  /** Where its splits came from, so that it can be measured by the same; missing in files of older versions. */
  split?: DetectionDataset["splitSource"];
  /** Version of Fovea that made it. */
  version: string;
}

/** A file's card; throws `not-a-localizer` where it has none. */
export function cardOf(model: ModelProto, name: string): LocalizerCard {
  const card: Partial<LocalizerCard> = readCard(model);
  if (card.task !== "localize" || !card.classes) {
    throw new FoveaError(
      "not-a-localizer",
      `Model \`${name}\` is not a localizer made by Fovea${card.task ? ` (its task is "${card.task}")` : ""}; give a best.onnx of \`fovea localize train\`.`,
    );
  }
  return card as LocalizerCard;
}
