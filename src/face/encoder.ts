import { FoveaError, requireWhole } from "../core/index.ts";
import type { Picture } from "../image/index.ts";
import { type DeviceOptions, Program } from "../runtime/index.ts";
import { CHIP_SIZE } from "./alignment.ts";
import { chipTransform, drawChip, type FaceAlignment, mirroredChip } from "./chip.ts";
import { type EncoderUse, readEncoderFile } from "./encoder-file.ts";
import type { EncoderModel } from "./encoder-model.ts";
import { jitteredChips } from "./jitter.ts";

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
  /**
   * Takes the mean over so many copies of the face instead, each turned, scaled and shifted a little, half of them mirrored:
   * more exact still, as many times the time; default 0, none. Not for encoders that take whole pictures.
   */
  jitter?: number;
}

/** Turns faces into points of a space in which those of one person lie near each other. */
export class FaceEncoder {
  /** Which net this is. */
  readonly model: EncoderModel;
  /** Side in pixels of the faces that it takes. */
  readonly side: number;
  /** How faces must lie in them. */
  readonly alignment: FaceAlignment;
  /**
   * Distance up to which two faces are best taken for one person's, as its training has measured, without mirror images;
   * undefined where none did.
   */
  readonly threshold: number | undefined;
  readonly #program: Program;

  private constructor(program: Program, model: EncoderModel, { side, alignment, threshold }: EncoderUse) {
    this.#program = program;
    this.model = model;
    this.side = side;
    this.alignment = alignment;
    this.threshold = threshold;
  }

  /**
   * Opens the ready encoder, or another one from its file, such as `fovea face train` makes.
   * @throws FoveaError `model-missing`, `model-unreadable`, `not-an-encoder`; `package-missing` for the ready one
   */
  static async load(
    source: string | Uint8Array = "face-descriptor",
    { onConvert, ...device }: EncoderOptions = {},
  ): Promise<FaceEncoder> {
    const { name, bytes, digest, use } = await readEncoderFile(source, onConvert);
    return new FaceEncoder(await Program.load(bytes, device), { name, digest, size: use.size }, use);
  }

  /**
   * Encodes faces of a picture, each turned and scaled to lie as the encoder knows it.
   * @returns for each face `[model.size]`, in the order of `faces`; distances are Euclidean
   * @throws FoveaError `points-degenerate` for points in one place; `faces-not-aligned` for several faces where the
   *   encoder takes whole pictures; `argument-range` for a `jitter` that counts nothing
   */
  async encode(
    picture: Picture,
    faces: readonly FacePoints[],
    options: EncodeOptions = {},
  ): Promise<Float32Array[]> {
    const { jitter = 0 } = options;
    requireWhole("FaceEncoder.encode", "jitter", jitter, 0);
    if (this.alignment === "none" && faces.length > 1) {
      throw new FoveaError(
        "faces-not-aligned",
        `Encoder \`${this.model.name}\` takes pictures of one face each, as it was trained with --crop none, not ${faces.length} faces: cut them out first, or train with --crop face.`,
      );
    }
    if (jitter > 0 && this.alignment !== "none") {
      return Promise.all(faces.map((points) => this.#encodeJittered(picture, points, jitter)));
    }
    const chips = faces.map((points) => this.chip(picture, points));
    return this.encodeChips(chips, options);
  }

  /**
   * What the encoder looks at, `[3, side, side]`, 0…255: a face of a picture, or the whole of it where it was trained so.
   * @throws FoveaError `points-degenerate`
   */
  chip(picture: Picture, points: FacePoints): Float32Array {
    const known = this.alignment === "none" ? undefined : points;
    return drawChip(picture, chipTransform(picture, known, this.side), this.side);
  }

  /** Encodes faces that are cut out already, see {@link FaceEncoder.chip}. */
  async encodeChips(
    chips: readonly Float32Array[],
    { mirror = false }: EncodeOptions = {},
  ): Promise<Float32Array[]> {
    if (chips.length === 0) return [];
    const { side, model } = this;
    const all = mirror ? [...chips, ...chips.map((chip) => mirroredChip(chip, side))] : chips;
    const data = new Float32Array(all.length * 3 * side * side);
    for (const [i, chip] of all.entries()) data.set(chip, i * chip.length);
    const shape = [all.length, 3, side, side];
    const { descriptors } = await this.#program.run({ pictures: { dtype: "float32", shape, data } });
    const numbers = descriptors.data as Float32Array;
    const encodingOf = (i: number) => numbers.slice(i * model.size, (i + 1) * model.size);
    return chips.map((_, i) => {
      const encoding = encodingOf(i);
      if (!mirror) return encoding;
      const other = encodingOf(chips.length + i);
      return encoding.map((number, k) => (number + other[k]) / 2);
    });
  }

  async #encodeJittered(picture: Picture, points: FacePoints, count: number): Promise<Float32Array> {
    const toChip = chipTransform(picture, points, this.side);
    const encodings = await this.encodeChips(jitteredChips(picture, toChip, this.side, count));
    return encodings[0].map((_, k) => encodings.reduce((sum, each) => sum + each[k], 0) / encodings.length);
  }

  /** Gives the engine's memory back. */
  close(): Promise<void> {
    return this.#program.release();
  }
}

/** An aligned face, `[3, side, side]`, 0…255; `side` is that of the ready encoder, 150. @throws `points-degenerate` */
export function faceChip(picture: Picture, points: FacePoints, side: number = CHIP_SIZE): Float32Array {
  return drawChip(picture, chipTransform(picture, points, side), side);
}

/**
 * Euclidean distance of two encodings; of the ready encoder's, those below .6 are usually of one person.
 * @throws FoveaError `shape-mismatch` for encodings of two lengths
 */
export function encodingDistance(a: Float32Array, b: Float32Array): number {
  if (a.length !== b.length) throw lengthsDiffer(a, b);
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] - b[i]) ** 2;
  return Math.sqrt(sum);
}

function lengthsDiffer(a: Float32Array, b: Float32Array): FoveaError {
  return new FoveaError(
    "shape-mismatch",
    `Encodings of ${a.length} and of ${b.length} numbers have no distance: compare those of one encoder.`,
  );
}
