import { FoveaError } from "../../core/index.ts";
import type { DetectionDataset } from "../../data/index.ts";
import type { ModelProto } from "../../graph/index.ts";
import { readCard } from "../../models/index.ts";

/** What the file of a sliding-window detector says of itself, in its metadata. */
export interface WindowsCard {
  task: "windows";
  /** Names of the classes, without the background, which is the net's first answer. */
  classes: string[];
  /** Size of a window in pixels of the pyramid's level. */
  window: { width: number; height: number };
  /** Share of a window's sides that its object takes up; the rest is what is around it. */
  filled: number;
  /** Sizes of objects to look for: the square root of their area, in shares of the picture's longer side, rising. */
  sizes: number[];
  scoreThreshold: number;
  iouThreshold: number;
  /** Fingerprint of the labels that it was trained on. */
  trainedOn: string;
  /** Where its splits came from, so that it can be measured by the same; missing in files of older versions. */
  split?: DetectionDataset["splitSource"];
  /** Version of Fovea that made it. */
  version: string;
}

/** A file's card; throws `not-a-windows-detector` where it has none. */
export function windowsCardOf(model: ModelProto, name: string): WindowsCard {
  const card: Partial<WindowsCard> = readCard(model);
  if (card.task !== "windows" || !card.classes) {
    throw new FoveaError(
      "not-a-windows-detector",
      `Model \`${name}\` is not a sliding-window detector made by Fovea${card.task ? ` (its task is "${card.task}")` : ""}; give a best.onnx of \`fovea windows train\`.`,
    );
  }
  return card as WindowsCard;
}
