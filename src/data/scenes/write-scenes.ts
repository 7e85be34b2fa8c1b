import { mkdtemp, rm } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { FoveaError, makeFolder, Random, unwritable } from "../../core/index.ts";
import { savePicture } from "../../image/index.ts";
import type { DetectionDataset, DetectionFormat, DetectionSample } from "../dataset.ts";
import { fingerprintDataset } from "../fingerprint.ts";
import { listEntries } from "../folder.ts";
import { writeDetectionDataset } from "../write.ts";
import { type SceneOptions, sceneClasses } from "./compose.ts";
import { generateScene, type Scene } from "./scene.ts";

export interface WriteScenesOptions extends SceneOptions {
  /** Number of pictures, ≥ 1. */
  count: number;
  /** Format of the labels, "yolo" by default. */
  format?: DetectionFormat;
  /** Share of the pictures that goes into the validation split, 0.2 by default. */
  valFraction?: number;
  /** JPEG quality, 1–100, 90 by default. */
  quality?: number;
  /** Told after each picture that has been drawn. */
  onProgress?: (progress: { done: number; count: number }) => void;
  /** Asks to stop: looked at before each picture is drawn. */
  signal?: AbortSignal;
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
 * Writes a data set of generated scenes (JPEG pictures, labels and splits), to be read by
 * `loadDetectionDataset`. The pictures are drawn in a hidden folder beside `outDir`, so that nothing that
 * looks like a data set is left where drawing is cut short.
 *
 * @param outDir folder to write to, new or empty
 * @throws `scene-option`, `picture-quality`, `output-exists` if the folder has something in it,
 *   `output-unwritable`; the signal's reason when it aborts
 */
export async function writeScenes(outDir: string, options: WriteScenesOptions): Promise<WrittenScenes> {
  const { count, format = "yolo", valFraction = 0.2, quality, onProgress, signal, ...sceneOptions } = options;
  const { seed = 0 } = sceneOptions;
  const inVal = drawSplit(count, valFraction, seed);
  await requireEmpty(outDir);
  const drawn = await makeFolderBeside(outDir);
  // While one picture is on its way to the disk, the next is drawn.
  let saving = Promise.resolve();
  try {
    const splits: DetectionDataset["splits"] = { train: [], val: [], test: [] };
    const objects = sceneClasses.map(() => 0);
    for (let index = 0; index < count; index++) {
      signal?.throwIfAborted();
      const scene = generateScene(index, sceneOptions);
      const sample = asSample(scene, index, count, drawn);
      splits[inVal.has(index) ? "val" : "train"].push(sample);
      for (const { classIndex } of scene.boxes) objects[classIndex]++;
      await saving;
      saving = savePicture(scene.picture, sample.path, { quality }).then(() =>
        onProgress?.({ done: index + 1, count }),
      );
    }
    await saving;
    const classes = [...sceneClasses];
    const dataset: DetectionDataset = {
      root: drawn,
      format,
      classes,
      splits,
      splitSource: { seed, valFraction },
      problems: [],
      fingerprint: fingerprintDataset({ classes, splits }),
    };
    await writeDetectionDataset(dataset, outDir, format);
    return { train: splits.train.length, val: splits.val.length, objects };
  } finally {
    await Promise.allSettled([saving]);
    await rm(drawn, { recursive: true, force: true });
  }
}

function asSample({ picture, boxes }: Scene, index: number, count: number, folder: string): DetectionSample {
  const id = `scene-${String(index).padStart(Math.max(5, String(count - 1).length), "0")}`;
  return { id, path: join(folder, `${id}.jpg`), width: picture.width, height: picture.height, boxes };
}

/** The indices of the pictures to validate on. */
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

/** Says so before minutes are spent on drawing; `writeDetectionDataset` would only say so afterwards. */
async function requireEmpty(outDir: string): Promise<void> {
  if ((await listEntries(resolve(outDir))).length > 0)
    throw new FoveaError(
      "output-exists",
      `\`${outDir}\` is not empty: name a new folder, so that nothing is mixed with what is there.`,
    );
}

async function makeFolderBeside(outDir: string): Promise<string> {
  const parent = dirname(resolve(outDir));
  try {
    await makeFolder(parent);
    return await mkdtemp(join(parent, ".scenes-"));
  } catch (error) {
    throw unwritable(outDir, error);
  }
}
