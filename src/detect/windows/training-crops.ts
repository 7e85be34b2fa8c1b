import { FoveaError, messageOf, Random, type Tensor } from "../../core/index.ts";
import {
  type DetectionSample,
  drawColourJitter,
  drawPicture,
  letterboxFill,
  PicturePyramid,
  type Problem,
  resolveAugment,
} from "../../data/index.ts";
import { iou, type Xyxy } from "../../geometry/index.ts";
import { PictureMemory } from "../../image/index.ts";
import type { WindowsRecipe } from "./recipe.ts";

/** A place in a picture: where the object of a window would be, in pixels of the picture. */
export interface WindowPlace {
  /** Index of the picture. */
  sample: number;
  box: Xyxy;
}

/** A batch of crops with what they show, background first. */
export interface CropBatch {
  /** uint8 `[N, 3, height, width]` */
  windows: Tensor;
  /** One-hot `[N, 1 + classes]`. */
  targets: Tensor;
  /** Class of each crop, 0 for background. */
  labels: number[];
  /** Where each crop was taken from. */
  places: WindowPlace[];
}

/** A place that was drawn: the class of its object, 0 for background, and its picture. */
interface DrawnPlace {
  label: number;
  place: WindowPlace;
  pyramid: PicturePyramid;
}

/** Overlap below which a window shows background. Those between this and a good fit are asked of nobody. */
export const BACKGROUND_IOU = 0.3;

/** Shares of a batch: crops around objects; of the others, mistakes of the round before, and near misses. */
const [OBJECT_SHARE, HARD_SHARE, NEAR_SHARE] = [0.5, 0.5, 0.3];
/** How far windows lie off their objects: half a stride, and half a step between sizes, each with some more. */
const [SHIFT, SIZE_SHIFT] = [0.08, 0.14];
/** Places that are tried for a window of background. */
const ATTEMPTS = 20;
/** Memory for decoded pictures, in bytes. */
const MEMORY = 1e9;

const colours = resolveAugment({ hue: 8, saturation: [0.7, 1.4], brightness: [0.7, 1.3], grey: 0.02 });

/** Draws crops around objects and crops of background, varied; the batch of a step is the same whenever it is drawn. */
export class TrainingCrops {
  readonly #samples: readonly DetectionSample[];
  readonly #recipe: WindowsRecipe;
  /** Objects by class. */
  readonly #objects: WindowPlace[][];
  readonly #pictures = new PictureMemory(MEMORY);
  readonly #pyramids = new WeakMap<object, PicturePyramid>();
  readonly #unreadable = new Set<number>();
  readonly #onProblem: ((problem: Problem) => void) | undefined;
  /** Background that was mistaken for objects, to learn from. */
  hard: readonly WindowPlace[] = [];

  /** @param onProblem hears once of each picture that cannot be read, and that another one stands in for */
  constructor(
    samples: readonly DetectionSample[],
    recipe: WindowsRecipe,
    onProblem?: (problem: Problem) => void,
  ) {
    this.#samples = samples;
    this.#onProblem = onProblem;
    this.#recipe = recipe;
    const objects = recipe.classes.map((): WindowPlace[] => []);
    for (const [sample, { boxes }] of samples.entries()) {
      for (const { classIndex, box, crowd } of boxes) if (!crowd) objects[classIndex].push({ sample, box });
    }
    this.#objects = objects;
  }

  async batch(step: number): Promise<CropBatch> {
    const { batchSize, window, classes, seed } = this.#recipe;
    const size = 3 * window.height * window.width;
    const data = new Uint8Array(batchSize * size).fill(letterboxFill);
    const targets = new Float32Array(batchSize * (1 + classes.length));
    const labels: number[] = [];
    const places: WindowPlace[] = [];
    for (let slot = 0; slot < batchSize; slot++) {
      const random = new Random(seed, step, slot, 0x3150);
      const { label, place, pyramid } = await this.#drawReadable(random, slot < OBJECT_SHARE * batchSize);
      const canvas = { ...window, data: data.subarray(slot * size, (slot + 1) * size) };
      this.#draw(random, canvas, place, pyramid, label > 0);
      targets[slot * (1 + classes.length) + label] = 1;
      labels.push(label);
      places.push(place);
    }
    return {
      windows: { dtype: "uint8", shape: [batchSize, 3, window.height, window.width], data },
      targets: { dtype: "float32", shape: [batchSize, 1 + classes.length], data: targets },
      labels,
      places,
    };
  }

  /** A picture with its halved copies. */
  async pyramid(sample: number): Promise<PicturePyramid> {
    const { path } = this.#samples[sample];
    const picture = await this.#pictures.get(path, () => path);
    const known = this.#pyramids.get(picture) ?? new PicturePyramid(picture);
    this.#pyramids.set(picture, known);
    return known;
  }

  /**
   * A place in a picture that can be read, with what it shows: class and place are drawn again, from the same random numbers,
   * where it cannot, so that it makes no difference which pictures are known to be unreadable already.
   * @throws FoveaError `pictures-unreadable` when none is left that can be read
   */
  async #drawReadable(random: Random, isObject: boolean): Promise<DrawnPlace> {
    while (this.#isAnyReadable(isObject)) {
      const label = isObject ? this.#drawClass(random) : 0;
      const place = isObject ? random.pick(this.#objects[label - 1]) : this.#drawBackground(random);
      if (this.#unreadable.has(place.sample)) continue;
      try {
        return { label, place, pyramid: await this.pyramid(place.sample) };
      } catch (error) {
        if (!(error instanceof FoveaError)) throw error;
        const { path } = this.#samples[place.sample];
        this.#unreadable.add(place.sample);
        this.#onProblem?.({ kind: "picture-unreadable", file: path, detail: messageOf(error) });
      }
    }
    const [first] = this.#unreadable;
    const wanted = isObject ? "pictures with objects" : "pictures";
    throw new FoveaError(
      "pictures-unreadable",
      `None of the ${wanted} to train with can be read, for example \`${this.#samples[first].path}\`: check the data set.`,
    );
  }

  /** Whether a picture is left that may be readable: one with an object, or any. */
  #isAnyReadable(withObject: boolean): boolean {
    if (!withObject) return this.#unreadable.size < this.#samples.length;
    return this.#objects.some((objects) => objects.some(({ sample }) => !this.#unreadable.has(sample)));
  }

  /** Whether a picture was found to be unreadable. */
  isUnreadable(sample: number): boolean {
    return this.#unreadable.has(sample);
  }

  /** A class that has objects, all as often, plus 1. */
  #drawClass(random: Random): number {
    const present = this.#objects.flatMap((objects, i) => (objects.length > 0 ? [i + 1] : []));
    return random.pick(present);
  }

  #drawBackground(random: Random): WindowPlace {
    if (this.hard.length > 0 && random.chance(HARD_SHARE)) return random.pick(this.hard);
    const { sizes, window } = this.#recipe;
    const shape = Math.sqrt(window.width / window.height);
    let place: WindowPlace = { sample: 0, box: [0, 0, 1, 1] };
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const sample = random.integer(this.#samples.length);
      const { width, height, boxes } = this.#samples[sample];
      const [least, most] = [sizes[0], sizes[sizes.length - 1]].map(Math.log);
      const side = Math.exp(random.uniform(least, most)) * Math.max(width, height);
      const [w, h] = [side * shape, side / shape];
      const near = boxes.length > 0 && random.chance(NEAR_SHARE) ? random.pick(boxes).box : undefined;
      const [x1, y1, x2, y2] = near ?? [0, 0, width, height];
      const spread = near ? 1 : 0.5;
      const x = (x1 + x2) / 2 + random.uniform(-spread, spread) * (x2 - x1);
      const y = (y1 + y2) / 2 + random.uniform(-spread, spread) * (y2 - y1);
      place = { sample, box: [x - w / 2, y - h / 2, x + w / 2, y + h / 2] };
      if (boxes.every(({ box }) => iou(box, place.box) < BACKGROUND_IOU)) return place;
    }
    return place; // pictures so full of objects have no other background
  }

  /** Draws the window around a place: an object's anywhere where the nearest window may lie. */
  #draw(
    random: Random,
    canvas: { width: number; height: number; data: Uint8Array },
    { sample, box: [x1, y1, x2, y2] }: WindowPlace,
    pyramid: PicturePyramid,
    isObject: boolean,
  ): void {
    const { filled, flipVertical } = this.#recipe;
    const { width, height } = this.#samples[sample];
    const change = isObject ? Math.exp(random.uniform(-SIZE_SHIFT, SIZE_SHIFT)) : 1;
    const side = (Math.sqrt((x2 - x1) * (y2 - y1)) / filled) * change;
    const scale = Math.sqrt(canvas.width * canvas.height) / side;
    const shift = isObject ? SHIFT : 0;
    const mirrorX = random.chance(0.5) ? -1 : 1;
    const mirrorY = flipVertical && random.chance(0.5) ? -1 : 1;
    const along = (centre: number, length: number, mirror: number) =>
      length * (0.5 + random.uniform(-shift, shift)) - mirror * scale * centre;
    const toX = along((x1 + x2) / 2, canvas.width, mirrorX);
    const toY = along((y1 + y2) / 2, canvas.height, mirrorY);
    const toCanvas = [mirrorX * scale, 0, toX, 0, mirrorY * scale, toY] as const;
    drawPicture(canvas, pyramid, toCanvas, [0, 0, width, height], drawColourJitter(random, colours));
  }
}

/** Whether a window shows an object well enough to be no mistake. */
export function isNearObject(box: Xyxy, sample: DetectionSample): boolean {
  return sample.boxes.some((object) => iou(object.box, box) >= BACKGROUND_IOU);
}
