import { FoveaError } from "../core/index.ts";
import type { DetectionDataset } from "../data/index.ts";
import type { ModelProto } from "../graph/index.ts";
import { readCard } from "../models/index.ts";
import type { ProposalUse } from "./rcnn/index.ts";

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
  /** How the regions that it classifies are searched for, where they are given to it. */
  proposals?: ProposalUse;
  scoreThreshold: number;
  iouThreshold: number;
  /** Fingerprint of the labels that it was trained on. */
  trainedOn: string;
  /** Where its splits came from, so that it can be measured by the same; missing in files of older versions. */
  split?: DetectionDataset["splitSource"];
  /** Version of Fovea that made it. */
  version: string;
}

/** A file's card; throws `not-a-detector` where it has none. */
export function cardOf(model: ModelProto, name: string): DetectorCard {
  const card: Partial<DetectorCard> = readCard(model);
  if (card.task !== "detect" || !card.classes) {
    throw new FoveaError(
      "not-a-detector",
      `Model \`${name}\` is not a detector made by Fovea${card.task ? ` (its task is "${card.task}")` : ""}; give a best.onnx of \`fovea detect train\`.`,
    );
  }
  return card as DetectorCard;
}
