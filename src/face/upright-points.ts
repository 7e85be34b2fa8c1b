import { type Affine, invertAffine, transformPoint, type Xyxy } from "../geometry/index.ts";
import type { Picture } from "../image/index.ts";
import type { Landmarker } from "../landmarks/index.ts";
import { alignFace } from "./alignment.ts";
import { drawChip, pictureOfPlanes } from "./chip.ts";

/** Side in pixels of the drawing in which a leaning face is stood upright. */
const SIDE = 300;

/** The face's share of that drawing. */
const SHARE = 0.7;

/** Degrees from which another look pays off. */
const LEANING = 12;

/** Looks in all: the first may tell the turn so badly that the face leans in the second's drawing, too. */
const LOOKS = 4;

/**
 * The points of a face that leans, looked for again in a drawing in which it stands upright: the net has seen few others.
 * Those of an upright face are returned as they are, and the last good ones where another look yields none.
 *
 * @param box of the face, whose middle and size are trusted more than the first points
 * @throws FoveaError `points-degenerate` where the given points lie in one place
 */
export async function uprightPoints(
  picture: Picture,
  box: Xyxy,
  points: [x: number, y: number][],
  landmarker: Landmarker,
): Promise<[x: number, y: number][]> {
  let best = points;
  let turn = leanOf(points);
  let rest = turn;
  for (let look = 1; look < LOOKS && Math.abs(rest) > LEANING; look++) {
    const toDrawing = standing(box, turn);
    const toPicture = invertAffine(toDrawing);
    const drawing = pictureOfPlanes(drawChip(picture, toDrawing, SIDE), SIDE);
    const margin = (SIDE * (1 - SHARE)) / 2;
    const face: Xyxy = [margin, margin, SIDE - margin, SIDE - margin];
    const [found] = await landmarker.locate(drawing, [face]);
    if (!found) break;
    const lean = leanIfTold(found.points);
    if (lean === undefined) break;
    rest = lean;
    turn += rest;
    best = found.points.map(([x, y]) => transformPoint(x, y, toPicture));
  }
  return best;
}

/** By how many degrees a face must be turned to stand upright. */
function leanOf(points: readonly (readonly [number, number])[]): number {
  const [a, , , c] = alignFace(points);
  return (Math.atan2(c, a) * 180) / Math.PI;
}

/** The same; undefined for points in one place. */
function leanIfTold(points: readonly (readonly [number, number])[]): number | undefined {
  try {
    return leanOf(points);
  } catch (error) {
    if ((error as { code?: unknown }).code === "points-degenerate") return undefined;
    throw error;
  }
}

/** From the picture to the drawing: the box's middle to its middle, turned. */
function standing([x1, y1, x2, y2]: Xyxy, degrees: number): Affine {
  const scale = (SHARE * SIDE) / Math.sqrt((x2 - x1) * (y2 - y1));
  const angle = (degrees * Math.PI) / 180;
  const [cos, sin] = [scale * Math.cos(angle), scale * Math.sin(angle)];
  const [x, y] = [(x1 + x2) / 2, (y1 + y2) / 2];
  return [cos, -sin, SIDE / 2 - cos * x + sin * y, sin, cos, SIDE / 2 - sin * x - cos * y];
}
