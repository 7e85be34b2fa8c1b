import { createHash } from "node:crypto";
import { FoveaError } from "../core/index.ts";
import { invertAffine } from "../geometry/index.ts";
import { type Picture, sampleAffine } from "../image/index.ts";
import {
  openModelFile,
  openReadyDescriber,
  readCard,
  readyDescribers,
  readyModels,
} from "../models/index.ts";
import { type DeviceOptions, Program } from "../runtime/index.ts";
import { alignFace, CHIP_SIZE } from "./alignment.ts";
import type { EncoderModel } from "./encoder-model.ts";

/** Points of one face, the 68 of iBUG's scheme, in pixels of its picture. */
export type FacePoints = readonly (readonly [x: number, y: number])[];

/** How to open an encoder. */
export interface EncoderOptions extends DeviceOptions {
  /** Hears that the ready model is converted, which takes some seconds the first time. */
  onConvert?: (name: string) => void;
}

/** How to encode. */
export interface EncodeOptions {
  /** Takes the mean of the face's encoding and its mirror image's: a little more exact, twice the time. */
  mirror?: boolean;
}

/** Length of an encoding. */
export const ENCODING_SIZE = 128;

/** Turns faces into points of a space in which those of one person lie near each other. */
export class FaceEncoder {
  /** Which net this is. */
  readonly model: EncoderModel;
  readonly #program: Program;

  private constructor(program: Program, model: EncoderModel) {
    this.#program = program;
    this.model = model;
  }

  /**
   * Opens the ready encoder, or another one from its file.
   * @throws FoveaError `model-missing`, `model-unreadable`, `not-an-encoder`; `package-missing` for the ready one
   */
  static async load(
    source: string | Uint8Array = "face-descriptor",
    { onConvert, ...device }: EncoderOptions = {},
  ): Promise<FaceEncoder> {
    const isReady = typeof source === "string" && readyDescribers.includes(source);
    const file = isReady ? (await openReadyDescriber(source, () => onConvert?.(source))).bytes : source;
    const { name: fileName, bytes, model } = await openModelFile(file);
    const name = isReady ? source : fileName;
    const { task } = readCard(model);
    if (task !== "describe") {
      throw new FoveaError(
        "not-an-encoder",
        `Model \`${name}\` does not encode faces${task ? ` (its task is "${task}")` : ""}; give face-descriptor, or a file that does.`,
      );
    }
    // The ready net's file changes with Fovea's version, its weights do not.
    const digest = isReady
      ? readyModels.get(source)!.source.sha256
      : createHash("sha256").update(bytes).digest("hex");
    return new FaceEncoder(await Program.load(bytes, device), { name, digest, size: ENCODING_SIZE });
  }

  /**
   * Encodes faces of a picture, each turned and scaled to lie as the encoder knows it.
   * @returns for each face `[128]`, in the order of `faces`; distances are Euclidean, lengths are not one
   * @throws FoveaError `points-degenerate` for points in one place
   */
  async encode(
    picture: Picture,
    faces: readonly FacePoints[],
    { mirror = false }: EncodeOptions = {},
  ): Promise<Float32Array[]> {
    if (faces.length === 0) return [];
    const chips = faces.map((points) => faceChip(picture, points));
    const all = mirror ? [...chips, ...chips.map(mirrored)] : chips;
    const data = new Float32Array(all.length * chips[0].length);
    for (const [i, chip] of all.entries()) data.set(chip, i * chip.length);
    const shape = [all.length, 3, CHIP_SIZE, CHIP_SIZE];
    const { descriptors } = await this.#program.run({ pictures: { dtype: "float32", shape, data } });
    const numbers = descriptors.data as Float32Array;
    const encodingOf = (i: number) => numbers.slice(i * ENCODING_SIZE, (i + 1) * ENCODING_SIZE);
    return faces.map((_, i) => {
      const encoding = encodingOf(i);
      if (!mirror) return encoding;
      const other = encodingOf(faces.length + i);
      return encoding.map((number, k) => (number + other[k]) / 2);
    });
  }

  /** Gives the engine's memory back. */
  close(): Promise<void> {
    return this.#program.release();
  }
}

/** An aligned face, `[3, 150, 150]`, 0…255. @throws `points-degenerate` */
export function faceChip(picture: Picture, points: FacePoints): Float32Array {
  const chip = new Float32Array(3 * CHIP_SIZE ** 2);
  const size = { width: CHIP_SIZE, height: CHIP_SIZE };
  sampleAffine(picture, invertAffine(alignFace(points)), size, chip);
  return chip;
}

function mirrored(chip: Float32Array): Float32Array {
  const result = new Float32Array(chip.length);
  for (let row = 0; row < chip.length; row += CHIP_SIZE) {
    for (let x = 0; x < CHIP_SIZE; x++) result[row + x] = chip[row + CHIP_SIZE - 1 - x];
  }
  return result;
}

/** Euclidean distance of two encodings; below .6 they are usually of one person. */
export function encodingDistance(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] - b[i]) ** 2;
  return Math.sqrt(sum);
}
