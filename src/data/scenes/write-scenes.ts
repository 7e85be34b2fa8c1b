import { join } from "node:path";
import { stringify } from "yaml";
import { FoveaError, Random, writeOutput } from "../../core/index.ts";
import { type Picture, savePicture } from "../../image/index.ts";
import type { LabelledBox } from "../dataset.ts";
import { type SceneOptions, sceneClasses } from "./compose.ts";
import { generateScene, type Scene } from "./scene.ts";

export interface WriteScenesOptions extends SceneOptions {
  /** Number of pictures, ≥ 1. */
  count: number;
  /** Share of the pictures that goes into the validation split, 0.2 by default. */
  valFraction?: number;
  /** JPEG quality, 1–100, 90 by default. */
  quality?: number;
  /** Called after each picture. */
  onProgress?: (progress: { done: number; count: number }) => void;
}

/** What `writeScenes` wrote. */
export interface WrittenScenes {
  /** Pictures in the splits. */
  train: number;
  val: number;
  /** Objects by class, in the order of `sceneClasses`. */
  objects: number[];
}

/** Keeps the draw of the split apart from the draws of the scenes. */
const splitStream = 1;

/**
 * Writes a data set of generated scenes in the YOLO layout: `images/{train,val}/*.jpg`,
 * `labels/{train,val}/*.txt` and `data.yaml`. Existing files of the same names are replaced.
 *
 * @throws `scene-option`, `picture-quality`, `output-unwritable`
 */
export async function writeScenes(outDir: string, options: WriteScenesOptions): Promise<WrittenScenes> {
  const { count, valFraction = 0.2, quality = 90, onProgress, ...sceneOptions } = options;
  const inVal = drawSplit(count, valFraction, sceneOptions.seed ?? 0);
  const objects = sceneClasses.map(() => 0);
  const digits = Math.max(5, String(count - 1).length);
  const write = async (index: number, { picture, boxes }: Scene): Promise<void> => {
    const split = inVal.has(index) ? "val" : "train";
    const name = `scene-${String(index).padStart(digits, "0")}`;
    await Promise.all([
      savePicture(picture, join(outDir, "images", split, `${name}.jpg`), { quality }),
      writeOutput(join(outDir, "labels", split, `${name}.txt`), yoloLabels(boxes, picture)),
    ]);
    onProgress?.({ done: index + 1, count });
  };
  // While one scene is on its way to the disk, the next is drawn.
  let writing = Promise.resolve();
  for (let index = 0; index < count; index++) {
    const scene = generateScene(index, sceneOptions);
    for (const { classIndex } of scene.boxes) objects[classIndex]++;
    await writing;
    writing = write(index, scene);
  }
  await writing;
  await writeOutput(
    join(outDir, "data.yaml"),
    stringify({ path: ".", train: "images/train", val: "images/val", names: [...sceneClasses] }),
  );
  return { train: count - inVal.size, val: inVal.size, objects };
}

function drawSplit(count: number, valFraction: number, seed: number): Set<number> {
  if (!Number.isInteger(count) || count < 1)
    throw new FoveaError(
      "scene-option",
      `writeScenes: \`count\` (=${count}) must be a whole number of at least 1.`,
    );
  if (!(valFraction >= 0 && valFraction < 1))
    throw new FoveaError(
      "scene-option",
      `writeScenes: \`valFraction\` (=${valFraction}) must be at least 0 and less than 1.`,
    );
  const order = new Random(seed, count, splitStream).shuffle(Array.from({ length: count }, (_, i) => i));
  return new Set(order.slice(0, Math.round(count * valFraction)));
}

/** A line per box: class, then centre and size as shares of the picture's size. */
function yoloLabels(boxes: readonly LabelledBox[], { width, height }: Picture): string {
  return boxes
    .map(({ classIndex, box: [x1, y1, x2, y2] }) => {
      const shares = [(x1 + x2) / 2 / width, (y1 + y2) / 2 / height, (x2 - x1) / width, (y2 - y1) / height];
      return `${classIndex} ${shares.map((share) => share.toFixed(6)).join(" ")}\n`;
    })
    .join("");
}
