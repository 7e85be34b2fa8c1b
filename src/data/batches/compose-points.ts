import { Random } from "../../core/index.ts";
import { type Affine, composeAffine, transformPoint, type Xyxy } from "../../geometry/index.ts";
import type { PicturePoint } from "../points/index.ts";
import type { Augment } from "./augment-options.ts";
import { drawColourJitter, sameColours } from "./colour-jitter.ts";
import { disturb } from "./disturb.ts";
import { drawPicture, type PlanarCanvas } from "./draw-picture.ts";
import { letterboxFill } from "./letterbox-into.ts";
import type { PicturePyramid } from "./picture-pyramid.ts";
import { placeSingle } from "./placement.ts";

/** A picture with points, and the part of it that a net shall look at. */
export interface PointExample {
  id: string;
  path: string;
  /** Size of the upright picture in pixels. */
  width: number;
  height: number;
  points: readonly (PicturePoint | undefined)[];
  /** A square, which may stand out of the picture. */
  region: Xyxy;
  /** Another one, such as that of the whole picture, towards which the region is drawn out at times. */
  wider?: Xyxy;
}

/** An example with its picture, which may be smaller than `width` × `height`. */
export interface LoadedPoints extends PointExample {
  pyramid: PicturePyramid;
}

/** One batch to compose. */
export interface PointRecipe {
  step: number;
  seed: number;
  /** Indices of the batch's examples, `[N]`. */
  order: readonly number[];
  /** Side of the input in pixels. */
  side: number;
  /** Number of points, K. */
  count: number;
  /** Points that change places in a mirrored picture. */
  pairs: readonly (readonly [number, number])[];
  /** `null` shows the regions without any variation but the share of wider ones. */
  augment: Augment | null;
  /** Probability that a region is drawn out towards the wider one, by a uniformly drawn share: inference looks at both. */
  widerShare: number;
}

/** What a batch shows. */
export interface PointLabels {
  /** `[N, K, 2]`: x, y in parts of the input; 0 where a point is not labelled. */
  points: Float32Array<ArrayBuffer>;
  /** `[N, K]`: 1 where a point is labelled and within the input. */
  visible: Float32Array<ArrayBuffer>;
  /** `[N, K]`: 1 where it is known whether the point is there. */
  known: Float32Array<ArrayBuffer>;
  /** `[N]`: 1 where the thing is there. */
  present: Float32Array<ArrayBuffer>;
  ids: string[];
}

/** Draws a batch into `images`, `[N, 3, side, side]`. Slot i of a step varies by random numbers of its own. */
export async function composePoints(
  recipe: PointRecipe,
  images: Uint8Array,
  load: (index: number) => Promise<LoadedPoints>,
): Promise<PointLabels> {
  const { step, seed, order, side, count } = recipe;
  const examples = await Promise.all(order.map(load));
  const labels: PointLabels = {
    points: new Float32Array(order.length * count * 2),
    visible: new Float32Array(order.length * count),
    known: new Float32Array(order.length * count),
    present: new Float32Array(order.length),
    ids: examples.map(({ id }) => id),
  };
  const size = 3 * side * side;
  for (const [slot, example] of examples.entries()) {
    const data = images.subarray(slot * size, (slot + 1) * size);
    const canvas = { width: side, height: side, data };
    const random = new Random(seed, step, slot);
    const region = drawOut(random, example, recipe.widerShare);
    const toInput = drawRegion(random, { ...example, region }, canvas, recipe.augment);
    label(labels, slot, example, toInput, recipe);
  }
  return labels;
}

/** The region, or by chance a square between it and the wider one. */
function drawOut(random: Random, { region, wider = region }: PointExample, share: number): Xyxy {
  if (!random.chance(share)) return region;
  const part = random.next();
  return region.map((side, i) => side + part * (wider[i] - side)) as unknown as Xyxy;
}

/** Draws an example's region, varied; returns where the picture's pixels went. */
function drawRegion(
  random: Random,
  { region, pyramid, width, height }: LoadedPoints,
  canvas: PlanarCanvas,
  augment: Augment | null,
): Affine {
  canvas.data.fill(letterboxFill);
  const [left, top, right] = region;
  const square = { width: right - left, height: right - left };
  const scale = canvas.width / square.width;
  const placed: Affine = augment
    ? placeSingle(random, square, canvas, augment).toInput
    : [scale, 0, 0, 0, scale, 0];
  const toInput = composeAffine([1, 0, -left, 0, 1, -top], placed);
  const shrunk: Affine = [width / pyramid.width, 0, 0, 0, height / pyramid.height, 0];
  const colours = augment ? drawColourJitter(random, augment) : sameColours;
  drawPicture(
    canvas,
    pyramid,
    composeAffine(shrunk, toInput),
    [0, 0, pyramid.width, pyramid.height],
    colours,
  );
  if (augment) disturb(random, canvas, [], augment);
  return toInput;
}

/** Enters what an input shows; a point that left it is not known to be there or not. */
function label(
  { points, visible, known, present }: PointLabels,
  slot: number,
  example: LoadedPoints,
  toInput: Affine,
  { side, count, pairs }: PointRecipe,
): void {
  const counterparts = Array.from({ length: count }, (_, i) => i);
  const isMirrored = toInput[0] * toInput[4] - toInput[1] * toInput[3] < 0;
  if (isMirrored) for (const [a, b] of pairs) [counterparts[a], counterparts[b]] = [b, a];
  const isThere = example.points.some((point) => point !== undefined);
  present[slot] = isThere ? 1 : 0;
  for (const [i, point] of example.points.entries()) {
    const at = slot * count + counterparts[i];
    if (!point) {
      known[at] = isThere ? 1 : 0;
      continue;
    }
    const [x, y] = transformPoint(point[0], point[1], toInput).map((coordinate) => coordinate / side);
    if (Math.min(x, y) < 0 || Math.max(x, y) > 1) continue;
    points.set([x, y], 2 * at);
    visible[at] = 1;
    known[at] = 1;
  }
}
