import type { Tensor } from "../core/index.ts";
import type { Xyxy } from "../geometry/index.ts";
import { writeModel } from "../graph/index.ts";
import { type Picture, readPicture } from "../image/index.ts";
import { openModelFile } from "../models/index.ts";
import { type DeviceOptions, Program } from "../runtime/index.ts";
import type { Detection } from "./detection.ts";
import { proposalTensor } from "./given-proposals.ts";
import { cardOf, type DetectorCard } from "./model-card.ts";
import { PROPOSALS } from "./rcnn/index.ts";
import { openReadyDetector, readyDetectors } from "./ready/index.ts";
import { type DetectorThresholds, setThresholds } from "./thresholds.ts";

/** How to open a detector. */
export interface DetectorOptions extends DetectorThresholds, DeviceOptions {
  /** Hears that a ready model is converted, which takes some seconds the first time. */
  onConvert?: (name: string) => void;
}

/** What was found in one picture. */
export interface DetectionResult {
  /** By falling score. */
  detections: Detection[];
  /** Size of the upright picture. */
  width: number;
  height: number;
  /** Of a net that is given proposals, with the time of their search. */
  timings: { decodeMs: number; proposeMs?: number; inferMs: number };
}

/** A trained detector, ready to look at pictures. */
export class Detector {
  /** What the model's file says of itself. */
  readonly card: DetectorCard;
  readonly #program: Program;

  private constructor(card: DetectorCard, program: Program) {
    this.card = card;
    this.#program = program;
  }

  /**
   * Opens a detector from its file or the file's bytes, or a ready one by its name ({@link readyDetectors}).
   * @throws FoveaError `model-missing`, `model-unreadable`, `not-a-detector`, `argument-range`; `package-missing`,
   *   `weights-missing` for a ready one
   */
  static async load(source: string | Uint8Array, options: DetectorOptions = {}): Promise<Detector> {
    const { scoreThreshold, iouThreshold, onConvert, ...device } = options;
    const isReady = typeof source === "string" && readyDetectors.includes(source);
    const file = isReady ? (await openReadyDetector(source, () => onConvert?.(source))).bytes : source;
    const { name, model } = await openModelFile(file);
    const card = cardOf(model, name);
    setThresholds(model, { scoreThreshold, iouThreshold });
    return new Detector(card, await Program.load(writeModel(model), device));
  }

  /** Names of the classes that it knows. */
  get classes(): readonly string[] {
    return this.card.classes;
  }

  /**
   * Finds objects in a picture: a file, its bytes, or a decoded picture.
   * @param given.proposals for a net that is given them: corners `[N, 4]` in the picture's pixels, instead of a search
   * @returns boxes in pixels of the upright original.
   * @throws FoveaError `picture-size` for a decoded picture that is not RGB; what `decodePicture` throws
   */
  async detect(
    source: string | Uint8Array | Picture,
    given: { proposals?: Float32Array } = {},
  ): Promise<DetectionResult> {
    const start = performance.now();
    const picture = await readPicture(source);
    const decoded = performance.now();
    const { width, height, data } = picture;
    const image: Tensor = { dtype: "uint8", shape: [height, width, 3], data };
    const { proposals: use } = this.card;
    const proposals = use && { [PROPOSALS]: await proposalTensor(picture, use, given.proposals) };
    const proposed = performance.now();
    const { boxes, scores, classes } = await this.#program.run({ image, ...proposals });
    const detections = Array.from(scores.data as Float32Array, (score, i): Detection => {
      const classIndex = Number(classes.data[i]);
      const box = Array.from((boxes.data as Float32Array).subarray(i * 4, i * 4 + 4)) as unknown as Xyxy;
      return { label: this.card.classes[classIndex], classIndex, score, box };
    });
    const timings = {
      decodeMs: decoded - start,
      ...(use && { proposeMs: proposed - decoded }),
      inferMs: performance.now() - proposed,
    };
    return { detections, width, height, timings };
  }

  /** Gives the engine's memory back. */
  close(): Promise<void> {
    return this.#program.release();
  }
}
