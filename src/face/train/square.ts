import { composeAffine } from "../../geometry/index.ts";
import type { Picture } from "../../image/index.ts";
import { chipTransform, drawChip, pictureOfPlanes } from "../chip.ts";
import type { FacePoints } from "../encoder.ts";

/** How faces are kept for training. */
export interface SquareShape {
  /** Side of the net's input in pixels. */
  side: number;
  /** What a square shows, as a multiple of the chip: room for turns and shifts around an aligned face. */
  zoom: number;
}

/** Pixels of a square for each of the input's: so that shifts and turns do not blur. */
const DENSITY = 1.25;

/** What lies around an aligned face is shown when it is turned or shifted; a whole picture has nothing around it. */
export const ALIGNED_ZOOM = 1.25;

/**
 * A face with what lies around it, from which the variations of training are drawn: much smaller than the photograph.
 * @param points of the face; without them the whole picture, stretched
 */
export function faceSquare(
  picture: Picture,
  points: FacePoints | undefined,
  { side, zoom }: SquareShape,
): Picture {
  const full = Math.round(side * zoom * DENSITY);
  const scale = full / (zoom * side);
  const margin = (full - scale * side) / 2;
  const toSquare = composeAffine(chipTransform(picture, points, side), [scale, 0, margin, 0, scale, margin]);
  return pictureOfPlanes(drawChip(picture, toSquare, full), full);
}
