import { Random } from "../../core/index.ts";
import { augmentSeries, augmentVolume, cutmix, mixup } from "../augment/index.ts";
import { type Augment, resolvePictureAugment } from "./augment-options.ts";
import { composeSample } from "./compose-sample.ts";
import { type ExampleAugment, unvaried } from "./example-augment.ts";
import type { LoadedExample } from "./example-store.ts";

/** One batch of examples to compose. */
export interface ExampleRecipe {
  step: number;
  seed: number;
  /** Indices of the batch's examples, `[N]`. */
  order: readonly number[];
  /** `[channels, …]` of one input; of pictures `[3, height, width]`. */
  shape: readonly number[];
  classes: number;
  /** What an example of each class counts in the loss, `[classes]`; 1 for all where it is left out. */
  weights?: readonly number[];
  /** Share of each target that is spread over all classes (Szegedy et al. 2016). */
  labelSmoothing: number;
  /** How examples are varied; `null` shows them as inference does. */
  augment: ExampleAugment | null;
}

/** What a batch shows. */
export interface ExampleLabels {
  /** `[N, classes]`: what the net should answer, times the classes' weights. */
  targets: Float32Array<ArrayBuffer>;
  /** Names of the examples. */
  ids: string[];
}

/**
 * Draws a batch into `bytes`: `[N, 3, height, width]` bytes of pictures, `[N, channels, …]` float32 of sequences and
 * volumes. Slot `i` of a step varies by random numbers of its own.
 */
export async function composeExamples(
  { step, seed, order, shape, classes, weights, labelSmoothing, augment }: ExampleRecipe,
  bytes: Uint8Array,
  load: (index: number) => Promise<LoadedExample>,
): Promise<ExampleLabels> {
  const examples = await Promise.all(order.map(load));
  const isPicture = examples[0].pyramid !== undefined;
  const size = shape.reduce((product, dim) => product * dim, 1);
  const count = order.length * size;
  const inputs = isPicture ? bytes.subarray(0, count) : new Float32Array(bytes.buffer, 0, count);
  const targets = new Float32Array(order.length * classes);
  const variation = augment ?? unvaried;
  const { pictures } = variation;
  const pictureAugment = pictures === null ? null : resolvePictureAugment(pictures ?? {});
  for (const [slot, example] of examples.entries()) {
    const random = new Random(seed, step, slot);
    const input = inputs.subarray(slot * size, (slot + 1) * size);
    if (isPicture) drawPictureInto(random, example, shape, input as Uint8Array, pictureAugment);
    else drawArrayInto(random, example, shape, input as Float32Array, variation);
    const weight = weights?.[example.classIndex] ?? 1;
    const row = targets.subarray(slot * classes, (slot + 1) * classes);
    row.fill((weight * labelSmoothing) / classes);
    row[example.classIndex] += weight * (1 - labelSmoothing);
  }
  const random = new Random(seed, step, order.length, 0x317);
  const blends = [variation.mixup ? "mixup" : "", variation.cutmix ? "cutmix" : ""].filter(Boolean);
  const blend = blends.length > 1 ? random.pick(blends) : blends[0];
  if (blend === "mixup") mixup(random, inputs, targets, order.length, variation.mixup!);
  if (blend === "cutmix") cutmix(random, inputs, targets, [order.length, ...shape], variation.cutmix!);
  return { targets, ids: examples.map(({ id }) => id) };
}

function drawPictureInto(
  random: Random,
  { id, pyramid }: LoadedExample,
  [, height, width]: readonly number[],
  data: Uint8Array,
  augment: Augment | null,
): void {
  const { width: pictureWidth, height: pictureHeight } = pyramid!;
  const sample = { id, width: pictureWidth, height: pictureHeight, pyramid: pyramid!, boxes: [] };
  composeSample(random, { shown: [sample], blended: [] }, { width, height, data }, augment);
}

function drawArrayInto(
  random: Random,
  { values }: LoadedExample,
  [channels, ...extent]: readonly number[],
  out: Float32Array,
  { series = {}, volume = {} }: ExampleAugment,
): void {
  if (extent.length === 1 && series) augmentSeries(random, values!, channels, extent[0], out, series);
  else if (extent.length === 3 && volume)
    augmentVolume(random, values!, channels, extent as [number, number, number], out, volume);
  else out.set(values!);
}
