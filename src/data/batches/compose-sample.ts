import type { Random } from "../../core/index.ts";
import { composeAffine } from "../../geometry/index.ts";
import type { PictureSize } from "../../image/index.ts";
import type { LabelledBox } from "../dataset.ts";
import type { Augment } from "./augment-options.ts";
import { drawColourJitter, sameColours } from "./colour-jitter.ts";
import { disturb } from "./disturb.ts";
import { drawPicture, type PlanarCanvas } from "./draw-picture.ts";
import { letterboxFill } from "./letterbox-into.ts";
import type { PicturePyramid } from "./picture-pyramid.ts";
import { type BoxLimits, placeBoxes, type TrainingBox } from "./place-boxes.ts";
import { type Placement, placeLetterboxed, placeMosaic, placeSingle } from "./placement.ts";

/** A decoded picture with its boxes. */
export interface LoadedSample extends PictureSize {
  /** Name of the sample. */
  readonly id: string;
  /** The decoded picture, which may be smaller than `width` × `height`. */
  readonly pyramid: PicturePyramid;
  /** In pixels of `width` × `height`. */
  readonly boxes: readonly LabelledBox[];
}

/** What one input is made of; `T` is the sample's index, or the sample. */
export interface SampleRecipe<T> {
  /** The picture, or the four of a mosaic. */
  readonly shown: readonly T[];
  /** The picture blended in by mixup, if any. */
  readonly blended: readonly T[];
}

/** Without augmentation, boxes are dropped only when nothing is left of them. */
const noLimits: BoxLimits = { minVisible: 0, minSide: 0 };

/** Draws which of `count` samples join the sample `first` in an input. */
export function drawRecipe(
  random: Random,
  first: number,
  count: number,
  augment: Augment | null,
): SampleRecipe<number> {
  if (augment === null) return { shown: [first], blended: [] };
  const partners = random.chance(augment.mosaic) ? 3 : 0;
  const shown = [first, ...Array.from({ length: partners }, () => random.integer(count))];
  const blended = random.chance(augment.mixup) ? [random.integer(count)] : [];
  // Whose quarter is whose is drawn too: the first would otherwise always be the upper left one.
  return { shown: random.shuffle(shown), blended };
}

/**
 * Draws one training input on the canvas (what it holds before does not matter) and returns its boxes.
 * Every variation comes from `random`: the same state gives the same bytes. Without augmentation the first
 * shown picture is letterboxed.
 */
export function composeSample(
  random: Random,
  { shown, blended }: SampleRecipe<LoadedSample>,
  canvas: PlanarCanvas,
  augment: Augment | null,
): TrainingBox[] {
  canvas.data.fill(letterboxFill);
  if (augment === null) {
    const [source] = shown;
    const placement = placeLetterboxed(source, canvas);
    draw(canvas, source, placement);
    return placeBoxes(source.boxes, placement, canvas, noLimits);
  }
  const placements =
    shown.length === 1
      ? [placeSingle(random, shown[0], canvas, augment)]
      : placeMosaic(random, shown, canvas, augment);
  const boxes = shown.flatMap((source, i) => drawVaried(random, canvas, source, placements[i], augment));
  for (const source of blended) boxes.push(...blend(random, canvas, source, augment));
  return disturb(random, canvas, boxes, augment);
}

function drawVaried(
  random: Random,
  canvas: PlanarCanvas,
  source: LoadedSample,
  placement: Placement,
  augment: Augment,
): TrainingBox[] {
  draw(canvas, source, placement, drawColourJitter(random, augment));
  return placeBoxes(source.boxes, placement, canvas, augment);
}

function draw(
  canvas: PlanarCanvas,
  { pyramid, width, height }: LoadedSample,
  { toInput, crop }: Placement,
  colours = sameColours,
): void {
  const [scaleX, scaleY] = [width / pyramid.width, height / pyramid.height];
  const toCanvas = composeAffine([scaleX, 0, 0, 0, scaleY, 0], toInput);
  const [x1, y1, x2, y2] = crop;
  drawPicture(canvas, pyramid, toCanvas, [x1 / scaleX, y1 / scaleY, x2 / scaleX, y2 / scaleY], colours);
}

/** Blends another picture over the canvas with a weight of about one half; returns its boxes. */
function blend(random: Random, canvas: PlanarCanvas, source: LoadedSample, augment: Augment): TrainingBox[] {
  const other = { ...canvas, data: new Uint8Array(canvas.data.length).fill(letterboxFill) };
  const boxes = drawVaried(random, other, source, placeSingle(random, source, canvas, augment), augment);
  const weight = Math.round(256 * random.uniform(0.4, 0.6));
  const { data } = canvas;
  for (let i = 0; i < data.length; i++) {
    data[i] = (data[i] * (256 - weight) + other.data[i] * weight + 128) >> 8;
  }
  return boxes;
}
