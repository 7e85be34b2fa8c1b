import type { PointSample } from "../data/index.ts";
import { boxAround, type Xyxy } from "../geometry/index.ts";
import type { PictureSize } from "../image/index.ts";

/** What a net of regions sees around a box where nothing else was said. */
export const USUAL_MARGIN = 0.2;

/** The longer side of a box in pixels. */
export function longerSide([x1, y1, x2, y2]: Xyxy): number {
  return Math.max(x2 - x1, y2 - y1);
}

/** The square that a net looks at: around a box's centre, its longer side with a margin of its own length on both ends. */
export function regionAround([x1, y1, x2, y2]: Xyxy, margin: number): Xyxy {
  const half = Math.max(1, x2 - x1, y2 - y1) * (0.5 + margin);
  const [x, y] = [(x1 + x2) / 2, (y1 + y2) / 2];
  return [x - half, y - half, x + half, y + half];
}

/** The box whose region just holds a whole picture. */
export function boxOfPicture({ width, height }: PictureSize, margin: number): Xyxy {
  const half = Math.max(width, height) / 2 / (1 + 2 * margin);
  return [width / 2 - half, height / 2 - half, width / 2 + half, height / 2 + half];
}

/** Labelled points that lie within so many pixels tell no size of their thing: one point has none at all. */
const LEAST_SPREAD = 8;

/**
 * The box of points; undefined where there is none, or where they lie so close together that a look at their box would show
 * next to nothing.
 * @param least side in pixels from which on it is a box
 */
export function boxOfPoints(
  points: readonly (readonly [number, number] | undefined)[],
  least: number = LEAST_SPREAD,
): Xyxy | undefined {
  const box = boxAround(points);
  return longerSide(box) >= least ? box : undefined;
}

/** Boxes of things by the samples' ids, as a detector found them; undefined where it found none. */
export type GivenBoxes = ReadonlyMap<string, Xyxy | undefined>;

/**
 * The box of a sample: the given one, else the labelled one, else that of its points, else, where these tell no size or nothing
 * is, the whole picture's.
 */
export function boxOfSample(sample: PointSample, margin: number, given?: GivenBoxes): Xyxy {
  const { id, box, points } = sample;
  return given?.get(id) ?? box ?? boxOfPoints(points) ?? boxOfPicture(sample, margin);
}

/** Whether a sample has labelled points: the thing is in the picture. */
export function isThere({ points }: PointSample): boolean {
  return points.some((point) => point !== undefined);
}

/** Whether the thing is in the picture, but nothing tells its size: the whole picture is looked at. */
export function isWithoutSize(sample: PointSample, given?: GivenBoxes): boolean {
  const { id, box, points } = sample;
  return isThere(sample) && !(given?.get(id) ?? box) && !boxOfPoints(points);
}
