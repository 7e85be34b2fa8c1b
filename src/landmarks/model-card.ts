import { FoveaError } from "../core/index.ts";
import type { PointDataset } from "../data/index.ts";
import type { ModelProto } from "../graph/index.ts";
import { readCard } from "../models/index.ts";

/** What the file of a net that finds points says of itself. */
export interface LandmarkCard {
  task: "landmarks";
  /** Family of the net. */
  model: string;
  /** Names of the points. */
  points: string[];
  /** Pairs of points that a drawing joins. */
  lines: [from: number, to: number][];
  /**
   * What it looks at: a face cut out by its box, `pictures` `[N, 3, side, side]` in and `points` `[N, K, 2]` in parts of it
   * out; a whole picture, `image` `[height, width, 3]` in and `points` `[K, 3]` (x, y in pixels, score) out; or a region
   * that it cuts out by itself, `image` and `box` `[4]` in, `points` `[K, 2]` in pixels, `scores` and `presence` out.
   */
  subject: "box" | "picture" | "region";
  /** Side of the net's input in pixels. */
  side: number;
  /** The two points whose distance errors are usually measured by. */
  eyes?: [a: number, b: number];
  /** Of a region: what it has on each side of the box, in parts of the box's longer side. */
  margin?: number;
  /** Of a region: whether boxes were those of the points, so that points found say where to look again. */
  ownBoxes?: boolean;
  /** Of a region: the detector whose boxes it was trained on, if it was one's: a ready one's name, an address or a whole path. */
  detector?: string;
  /** The detector's classes whose boxes these were; missing where all counted. */
  detectClasses?: string[];
  /** Fingerprint of the labels that it was trained on. */
  trainedOn?: string;
  /** Where its splits came from, so that it can be measured by the same; missing in files of older versions. */
  split?: PointDataset["splitSource"];
  /** Version of Fovea that made it. */
  version: string;
}

/** A file's card. @throws `not-a-landmark-model` where it has none */
export function landmarkCardOf(model: ModelProto, name: string): LandmarkCard {
  const card: Partial<LandmarkCard> = readCard(model);
  if (card.task !== "landmarks" || !card.points) {
    throw new FoveaError(
      "not-a-landmark-model",
      `Model \`${name}\` does not find points${card.task ? ` (its task is "${card.task}")` : ""}; give face-points, body, or a best.onnx of \`fovea landmarks train\`.`,
    );
  }
  return card as LandmarkCard;
}
