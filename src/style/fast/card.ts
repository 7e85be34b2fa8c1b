import { FoveaError } from "../../core/index.ts";
import type { ModelProto } from "../../graph/index.ts";
import { readCard } from "../../models/index.ts";

/** What a file that paints in one style says of itself, in its metadata. */
export interface PainterCard {
  task: "style";
  /** File name of the style. */
  style: string;
  /** Channels at full resolution. */
  width: number;
  /** Side of the squares that it was trained on, in pixels: strokes are of that size. */
  size: number;
  /** The net whose features were compared. */
  backbone: string;
  /** Version of Fovea that made it. */
  version: string;
}

/** A file's card; throws `not-a-painter` where it has none. */
export function painterCard(model: ModelProto, name: string): PainterCard {
  const card: Partial<PainterCard> = readCard(model);
  if (card.task !== "style" || !card.width) {
    throw new FoveaError(
      "not-a-painter",
      `Model \`${name}\` does not paint in a style${card.task ? ` (its task is "${card.task}")` : ""}; give a best.onnx of \`fovea style train\`.`,
    );
  }
  return card as PainterCard;
}
