import { Random } from "../../core/index.ts";
import type { Augment } from "./augment-options.ts";
import { composeSample, drawRecipe, type LoadedSample } from "./compose-sample.ts";
import type { TrainingBox } from "./place-boxes.ts";

/** One batch to compose. */
export interface BatchRecipe {
  step: number;
  seed: number;
  /** Indices of the batch's samples, `[N]`. */
  order: readonly number[];
  /** Samples in the set that augmentation may join to them. */
  sampleCount: number;
  /** Size of the input in pixels. */
  width: number;
  height: number;
  augment: Augment | null;
}

/** What a batch shows. */
export interface BatchLabels {
  /** Objects of each picture. */
  boxes: TrainingBox[][];
  /** The sample that each picture is of (of a mosaic: the one whose turn it was). */
  sampleIds: string[];
}

/**
 * Draws a batch into `images`, `[N, 3, height, width]`. Slot `i` of a step varies by streams of random numbers
 * of its own, so that the bytes depend on nothing but the recipe and the samples.
 */
export async function composeBatch(
  recipe: BatchRecipe,
  images: Uint8Array,
  load: (index: number) => Promise<LoadedSample>,
): Promise<BatchLabels> {
  const { step, seed, order, sampleCount, width, height, augment } = recipe;
  // All are loaded before any is drawn: decoding overlaps, drawing never waits.
  const slots = await Promise.all(
    order.map(async (first, slot) => {
      const drawn = drawRecipe(new Random(seed, step, slot, 0), first, sampleCount, augment);
      const [own, shown, blended] = await Promise.all([
        load(first),
        Promise.all(drawn.shown.map(load)),
        Promise.all(drawn.blended.map(load)),
      ]);
      return { id: own.id, shown, blended };
    }),
  );
  const size = 3 * height * width;
  const boxes = slots.map((sources, slot) => {
    const canvas = { width, height, data: images.subarray(slot * size, (slot + 1) * size) };
    return composeSample(new Random(seed, step, slot, 1), sources, canvas, augment);
  });
  return { boxes, sampleIds: slots.map(({ id }) => id) };
}
