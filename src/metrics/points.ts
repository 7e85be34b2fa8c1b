import { FoveaError, mean, median } from "../core/index.ts";
import { boxAround, type Point, type Xyxy } from "../geometry/index.ts";

/**
 * By what distances from the truth are divided: the distance of two points, usually the outer corners of the eyes
 * ("inter-ocular", 300-W); the box's size √(width·height) (Bulat & Tzimiropoulos 2017) or its diagonal; or, where things
 * have no size, as one point alone, the picture's diagonal.
 */
export type PointNormalizer = "interocular" | "box" | "diagonal" | "picture";

/** Names that a normaliser may have. */
export const pointNormalizers: readonly PointNormalizer[] = ["interocular", "box", "diagonal", "picture"];

/**
 * The length that one thing's errors are divided by, in pixels.
 * @param box the thing's; default: that of its points
 * @param eyes the two points of "interocular"
 * @param picture the size of "picture"
 * @returns undefined where it cannot be told: one of the two points is not labelled, or the length is 0
 */
export function pointScale(
  normalizer: PointNormalizer,
  points: readonly (Point | undefined)[],
  box: Xyxy | undefined,
  eyes: readonly [number, number] | undefined,
  picture?: { width: number; height: number },
): number | undefined {
  if (normalizer === "picture") return picture && positive(Math.hypot(picture.width, picture.height));
  if (normalizer === "interocular") {
    const [a, b] = (eyes ?? []).map((i) => points[i]);
    return a && b ? positive(Math.hypot(a[0] - b[0], a[1] - b[1])) : undefined;
  }
  const [x1, y1, x2, y2] = box ?? boxAround(points);
  const [width, height] = [x2 - x1, y2 - y1];
  return positive(normalizer === "box" ? Math.sqrt(width * height) : Math.hypot(width, height));
}

function positive(length: number): number | undefined {
  return length > 0 && Number.isFinite(length) ? length : undefined;
}

/** One thing's points and what was found of them. */
export interface LocatedPoints {
  id: string;
  /** In pixels; undefined where a point is not labelled. */
  truth: readonly (Point | undefined)[];
  /** In pixels; undefined where the thing was not found at all. An answer with a labelled point at no finite place counts as none. */
  answer?: readonly Point[];
  /** What errors are divided by, in pixels, > 0. */
  scale: number;
}

/** How well points are found. Errors are distances divided by each thing's scale; NaN where there is nothing to measure. */
export interface PointEvaluation {
  /** Things with labelled points, and how many of them were not found. */
  things: number;
  missed: number;
  /** Normalised mean error: the mean over the found things of the mean over their points. */
  nme: number;
  /** Median over the found things. */
  median: number;
  /** Shares of things whose error is above 8 % and 10 %; those not found are among them. */
  failureRate8: number;
  failureRate10: number;
  /** Area below the curve of cumulative errors up to 8 % and 10 %, as a share of the largest possible. */
  auc8: number;
  auc10: number;
  /**
   * Mean of what was found minus the truth, over all points, in pixels. As nets are trained with mirrored pictures, an x that
   * is not about 0 says that labels count pixels from elsewhere than was taken for granted.
   */
  offset: [x: number, y: number];
  perPoint: PointResult[];
  /** Mean error of each thing, `Infinity` where it was not found. */
  errors: { id: string; error: number }[];
}

/** The figures of one point. */
export interface PointResult {
  name: string;
  /** Things in which it is labelled, and that were found. */
  count: number;
  /** Mean error. */
  nme: number;
  /** Share of its errors above 10 %. */
  failureRate10: number;
}

/** Measures found points. @throws FoveaError `argument-range` where an answer has not a place for every point, or a scale is not positive */
export function evaluatePoints(names: readonly string[], located: readonly LocatedPoints[]): PointEvaluation {
  for (const thing of located) requirePlaces(thing);
  const things = located.map((thing) => (isFound(thing) ? thing : { ...thing, answer: undefined }));
  const distances = things.map(({ truth, answer, scale }) =>
    truth.map((point, i) => {
      if (!point || !answer) return undefined;
      return Math.hypot(answer[i][0] - point[0], answer[i][1] - point[1]) / scale;
    }),
  );
  const errors = things.map(({ id, answer }, i) => ({
    id,
    error: answer
      ? mean(distances[i].filter((distance) => distance !== undefined))
      : Number.POSITIVE_INFINITY,
  }));
  const found = errors.map(({ error }) => error).filter(Number.isFinite);
  const above = (list: readonly number[], limit: number) =>
    mean(list.map((error) => (error > limit ? 1 : 0)));
  const all = errors.map(({ error }) => error);
  return {
    things: things.length,
    missed: things.length - found.length,
    nme: mean(found),
    median: median(found),
    failureRate8: above(all, 0.08),
    failureRate10: above(all, 0.1),
    auc8: areaBelow(all, 0.08),
    auc10: areaBelow(all, 0.1),
    offset: [meanOffset(things, 0), meanOffset(things, 1)],
    perPoint: names.map((name, i): PointResult => {
      const own = distances.map((row) => row[i]).filter((distance) => distance !== undefined);
      return { name, count: own.length, nme: mean(own), failureRate10: above(own, 0.1) };
    }),
    errors,
  };
}

function requirePlaces({ id, truth, answer, scale }: LocatedPoints): void {
  if (!(scale > 0 && Number.isFinite(scale))) {
    throw new FoveaError(
      "argument-range",
      `evaluatePoints: \`scale\` of "${id}" (=${scale}) must be a positive number; leave out what has no length to measure by.`,
    );
  }
  if (!answer || answer.length === truth.length) return;
  throw new FoveaError(
    "argument-range",
    `evaluatePoints: \`answer\` of "${id}" has ${answer.length} points, the truth ${truth.length}.`,
  );
}

/** Whether there is an answer, and a finite place in it for each labelled point. */
function isFound({ truth, answer }: LocatedPoints): boolean {
  return answer?.every((place, i) => !truth[i] || place.every(Number.isFinite)) ?? false;
}

function meanOffset(things: readonly LocatedPoints[], axis: 0 | 1): number {
  const differences = things.flatMap(({ truth, answer }) =>
    truth.flatMap((point, i) => (point && answer ? [answer[i][axis] - point[axis]] : [])),
  );
  return mean(differences);
}

/** The curve of cumulative errors is a sum of steps, so the area below it is the mean of what each leaves of the limit. */
function areaBelow(errors: readonly number[], limit: number): number {
  return mean(errors.map((error) => Math.max(0, 1 - error / limit)));
}
