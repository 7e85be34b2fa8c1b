import { FoveaError } from "../../core/index.ts";
import { backboneTrunks, trunkValues } from "../../models/index.ts";
import type { DeviceOptions } from "../../runtime/index.ts";
import type { BinaryHead } from "./binary-head.ts";
import { TRUNK_PATH, WIDENING_PATH } from "./encoder-net.ts";
import type { EncoderTask } from "./encoder-task.ts";
import type { People } from "./people.ts";
import { PictureTask } from "./picture-task.ts";
import { type PreparedFaces, type PrepareOptions, plainChip, prepareFaces } from "./prepare.ts";
import type { EncoderStart, FaceRecipe } from "./recipe.ts";
import { ALIGNED_ZOOM } from "./square.ts";
import { SquareStore } from "./square-store.ts";
import { TailTask } from "./tail-task.ts";
import { openTrainedEncoder } from "./trained-encoder.ts";

/** How to prepare a training. */
export interface OpenTaskOptions extends Omit<PrepareOptions, "onFace" | "alignment"> {
  device: DeviceOptions;
  onConvert?: (name: string) => void;
}

/** A training that is ready to begin. */
export interface OpenTask {
  task: EncoderTask;
  faces: PreparedFaces;
  /** Digest of the encoder where it stays as it is, and only a head is trained. */
  frozen?: string;
  /** The scale for a binary head on a trained encoder whose lengths are its own; see {@link BinaryHead}. */
  headScale?: number;
}

/**
 * Reads the faces of people and makes them what the recipe's encoder learns from.
 * @throws FoveaError `checkpoint-mismatch` where a resumed run stands on another encoder than before
 */
export function openTask(recipe: FaceRecipe, people: People, options: OpenTaskOptions): Promise<OpenTask> {
  const { start } = recipe;
  return start.kind === "encoder"
    ? openTail(recipe, start, people, options)
    : openPictures(recipe, start, people, options);
}

async function openPictures(
  recipe: FaceRecipe,
  start: Exclude<EncoderStart, { kind: "encoder" }>,
  people: People,
  { device, ...options }: OpenTaskOptions,
): Promise<OpenTask> {
  const { side, alignment } = recipe;
  const squares = new SquareStore({ side, zoom: alignment === "dlib" ? ALIGNED_ZOOM : 1 });
  const val: Float32Array[] = [];
  const faces = await prepareFaces(people, {
    ...options,
    alignment,
    onFace(part, face, picture) {
      if (part === "train") squares.add(face, picture);
      else val.push(plainChip(picture, face, side));
    },
  });
  const values =
    start.kind === "backbone"
      ? await trunkValues(start.use.source, backboneTrunks[start.model], TRUNK_PATH, WIDENING_PATH)
      : undefined;
  return { task: new PictureTask(recipe, squares, val, { ...device, values }), faces };
}

/** Faces by which a head's scale is measured. */
const SCALED_BY = 100;

async function openTail(
  recipe: FaceRecipe,
  { source, layers, digest }: Extract<EncoderStart, { kind: "encoder" }>,
  people: People,
  { device, onConvert, ...options }: OpenTaskOptions,
): Promise<OpenTask> {
  const { side, alignment, head, normalized } = recipe;
  const encoder = await openTrainedEncoder(source, onConvert);
  if (digest !== undefined && encoder.digest !== digest) {
    throw new FoveaError(
      "checkpoint-mismatch",
      `Encoder \`${source}\` is not the one that this run began on (its digest is ${encoder.digest.slice(0, 12)}…, that was ${digest.slice(0, 12)}…): put that file back, or train anew in another folder.`,
    );
  }
  const task = await TailTask.open(recipe, encoder, layers, device);
  try {
    const faces = await prepareFaces(people, {
      ...options,
      alignment,
      onFace: (part, face, picture) => task.add(part, plainChip(picture, face, side)),
    });
    const isMeasured = head && !normalized;
    const headScale = isMeasured
      ? 1 / usualComparison(await task.firstEncodings(SCALED_BY), head)
      : undefined;
    return { task, faces, headScale, ...(layers === 0 && { frozen: encoder.digest }) };
  } catch (error) {
    await task.close();
    throw error;
  }
}

/** The mean comparison of encodings, most of them of two people; see {@link BinaryHead}. */
function usualComparison(encodings: readonly Float32Array[], { form, split }: BinaryHead): number {
  const numbers = split ? encodings.map(splitSigns) : encodings;
  let [sum, count] = [0, 0];
  for (const [i, a] of numbers.entries()) {
    for (const b of numbers.slice(i + 1)) {
      for (let k = 0; k < a.length; k++) {
        const difference = Math.abs(a[k] - b[k]);
        if (form === "difference") sum += difference;
        else if (difference > 0) sum += difference ** 2 / (a[k] + b[k]);
        count++;
      }
    }
  }
  return sum / count || 1;
}

function splitSigns(encoding: Float32Array): Float32Array {
  return Float32Array.from({ length: 2 * encoding.length }, (_, k) =>
    k < encoding.length ? Math.max(encoding[k], 0) : Math.max(-encoding[k - encoding.length], 0),
  );
}
