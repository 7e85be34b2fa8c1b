import { FoveaError } from "../core/index.ts";
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
   * out; or a whole picture, `image` `[height, width, 3]` in and `points` `[K, 3]` (x, y in pixels, score) out.
   */
  subject: "box" | "picture";
  /** Side of the net's input in pixels. */
  side: number;
  /** Version of Fovea that made it. */
  version: string;
}

/** A file's card. @throws `not-a-landmark-model` where it has none */
export function landmarkCardOf(model: ModelProto, name: string): LandmarkCard {
  const card: Partial<LandmarkCard> = readCard(model);
  if (card.task !== "landmarks" || !card.points) {
    throw new FoveaError(
      "not-a-landmark-model",
      `Model \`${name}\` does not find points${card.task ? ` (its task is "${card.task}")` : ""}; give face-points, body, or a file that does.`,
    );
  }
  return card as LandmarkCard;
}
