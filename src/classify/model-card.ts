import { FoveaError } from "../core/index.ts";
import type { ClassificationDataset, ExampleKind, SequenceLayout } from "../data/index.ts";
import type { ModelProto } from "../graph/index.ts";
import { readCard } from "../models/index.ts";

/** What a classifier's file says of itself, in its metadata. */
export interface ClassifierCard {
  task: "classify";
  kind: ExampleKind;
  /** Name of the net. */
  model: string;
  classes: string[];
  /** `[channels, …]` of one input. */
  shape: number[];
  /** How the sequences stood that it was trained on: each in a line of a table, or in a file of its own. */
  layout?: SequenceLayout;
  /** Fingerprint of the labels that it was trained on; behind a comma "all" or a fold where nothing was to validate with. */
  trainedOn: string;
  /** Where the splits of its training came from; files of older versions do not say. */
  split?: ClassificationDataset["splitSource"];
  /** Version of Fovea that made it. */
  version: string;
}

/** A file's card; throws `not-a-classifier` where it has none. */
export function cardOf(model: ModelProto, name: string): ClassifierCard {
  const card: Partial<ClassifierCard> = readCard(model);
  if (card.task !== "classify" || !card.classes) {
    throw new FoveaError(
      "not-a-classifier",
      `Model \`${name}\` is not a classifier made by Fovea${card.task ? ` (its task is "${card.task}")` : ""}; give a best.onnx of \`fovea classify train\`.`,
    );
  }
  return card as ClassifierCard;
}
