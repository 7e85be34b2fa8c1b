import type { PointSample } from "../data/index.ts";
import type { Xyxy } from "../geometry/index.ts";
import type { PictureSize } from "../image/index.ts";
import { boxAround } from "../metrics/index.ts";

/** What a net of regions sees around a box where nothing else was said. */
export const USUAL_MARGIN = 0.2;

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

/** The box of a sample: the labelled one, else that of its points, else, where nothing is, the whole picture's. */
export function boxOfSample(sample: PointSample, margin: number): Xyxy {
  if (sample.box) return sample.box;
  const isThere = sample.points.some((point) => point !== undefined);
  return isThere ? boxAround(sample.points) : boxOfPicture(sample, margin);
}
