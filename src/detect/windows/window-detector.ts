import { FoveaError, requireOneOf, requireRange, type Tensor } from "../../core/index.ts";
import { PicturePyramid } from "../../data/index.ts";
import { clipBox, nmsPerClass } from "../../geometry/index.ts";
import { type Picture, type PictureSize, readPicture } from "../../image/index.ts";
import { openModelFile } from "../../models/index.ts";
import type { DeviceOptions } from "../../runtime/index.ts";
import type { Detection } from "../detection.ts";
import type { DetectionResult } from "../detector.ts";
import { MAX_DETECTIONS } from "../postprocess.ts";
import { type WindowsCard, windowsCardOf } from "./model-card.ts";
import { drawLevel, type Level, levelsOf, objectIn, windowAt } from "./pyramid.ts";
import { type ScoreMap, SlidingClassifier, type SlidingCost } from "./sliding-classifier.ts";

/** How windows are classified: all in one pass over each level, or one pass each. */
export type SlidingMethod = "convolutional" | "naive";

const slidingMethods: readonly SlidingMethod[] = ["convolutional", "naive"];

/** How to open a detector by windows. */
export interface WindowDetectorOptions extends DeviceOptions {
  /** Default "convolutional"; "naive" finds the same, slowly. */
  method?: SlidingMethod;
  /** Detections at or below this score are dropped, in [0, 1]; default: the file's own. */
  scoreThreshold?: number;
  /**
   * Of two boxes of a class whose IoU reaches this, only the better stays, in [0, 1], where 0 is any overlap; default: the file's
   * own.
   */
  iouThreshold?: number;
}

/** A detector that looks at windows of every size and place, and asks a classifier what is in each. */
export class WindowDetector {
  /** What the model's file says of itself. */
  readonly card: WindowsCard;
  readonly classifier: SlidingClassifier;
  readonly #options: Required<Pick<WindowDetectorOptions, "method" | "scoreThreshold" | "iouThreshold">>;

  private constructor(
    card: WindowsCard,
    classifier: SlidingClassifier,
    { method = "convolutional", scoreThreshold, iouThreshold }: WindowDetectorOptions,
  ) {
    this.card = card;
    this.classifier = classifier;
    this.#options = {
      method,
      scoreThreshold: scoreThreshold ?? card.scoreThreshold,
      iouThreshold: iouThreshold ?? card.iouThreshold,
    };
  }

  /**
   * Opens a detector from its file or the file's bytes.
   * @throws FoveaError `model-missing`, `model-unreadable`, `not-a-windows-detector`, `argument-range`
   */
  static async load(
    source: string | Uint8Array,
    options: WindowDetectorOptions = {},
  ): Promise<WindowDetector> {
    const { name, bytes, model } = await openModelFile(source);
    const card = windowsCardOf(model, name);
    const { method, scoreThreshold, iouThreshold, ...device } = options;
    if (method !== undefined) requireOneOf("Method", method, slidingMethods);
    for (const [option, value] of Object.entries({ scoreThreshold, iouThreshold })) {
      if (value === undefined) continue;
      requireRange("WindowDetector", option, value, value >= 0 && value <= 1, "within 0 … 1");
    }
    return new WindowDetector(card, SlidingClassifier.open(bytes, device), options);
  }

  /** Names of the classes that it knows. */
  get classes(): readonly string[] {
    return this.card.classes;
  }

  /** The sizes that it looks at a picture in. @throws FoveaError `window-too-large` where no window fits */
  levels(picture: PictureSize): Level[] {
    const levels = levelsOf(picture, this.card);
    if (levels.length > 0) return levels;
    const { width, height } = this.card.window;
    throw new FoveaError(
      "window-too-large",
      `A window of ${width}×${height} pixels does not fit a picture of ${picture.width}×${picture.height} in any of its sizes; give a picture whose sides differ less.`,
    );
  }

  /** What both ways cost on a picture of a size, over all levels. */
  costOf(picture: PictureSize): SlidingCost {
    const total: SlidingCost = { windows: 0, naiveFlops: 0, convolutionalFlops: 0 };
    for (const { width, height } of this.levels(picture)) {
      const cost = this.classifier.costOf(width, height);
      total.windows += cost.windows;
      total.naiveFlops += cost.naiveFlops;
      total.convolutionalFlops += cost.convolutionalFlops;
    }
    return total;
  }

  /**
   * Finds objects in a picture: a file, its bytes, or a decoded picture.
   * @returns boxes in pixels of the upright original
   * @throws FoveaError `window-too-large` where no window fits, `picture-size` for a decoded picture that is not RGB;
   *   what `decodePicture` throws
   */
  async detect(source: string | Uint8Array | Picture): Promise<DetectionResult> {
    const start = performance.now();
    const picture = await readPicture(source);
    const decoded = performance.now();
    const { width, height } = picture;
    this.levels(picture); // tells where no window fits
    const found = await this.find(new PicturePyramid(picture));
    const detections = found.map((one) => ({ ...one, box: clipBox(one.box, width, height) }));
    const timings = { decodeMs: decoded - start, inferMs: performance.now() - decoded };
    return { detections, width, height, timings };
  }

  /**
   * As {@link detect}, of a picture with its halved copies; boxes may stand out of the picture as windows do. Nothing where
   * no window fits.
   */
  async find(pyramid: PicturePyramid): Promise<Detection[]> {
    const found: Detection[] = [];
    for (const level of levelsOf(pyramid, this.card)) {
      const candidates = this.#candidates(await this.scores(drawLevel(pyramid, level)), level);
      for (const one of candidates) found.push(one); // of small windows there are too many to be arguments
    }
    return this.#suppress(found);
  }

  /** Scores of all windows of a level, background first, the way that was chosen. */
  scores(level: Tensor): Promise<ScoreMap> {
    return this.#options.method === "naive" ? this.classifier.slide(level) : this.classifier.convolve(level);
  }

  /** Gives the engine's memory back. */
  close(): Promise<void> {
    return this.classifier.close();
  }

  /** Windows that are more likely an object than the threshold asks. */
  #candidates({ rows, columns, scores }: ScoreMap, level: Level): Detection[] {
    const { stride, window } = this.classifier;
    const { classes, filled } = this.card;
    const found: Detection[] = [];
    const cells = rows * columns;
    for (let i = cells; i < scores.length; i++) {
      if (scores[i] <= this.#options.scoreThreshold) continue;
      const classIndex = Math.floor(i / cells) - 1;
      const [row, column] = [Math.floor((i % cells) / columns), i % columns];
      const box = objectIn(windowAt(column * stride, row * stride, window, level), filled);
      found.push({ label: classes[classIndex], classIndex, score: scores[i], box });
    }
    return found;
  }

  #suppress(found: readonly Detection[]): Detection[] {
    const kept = nmsPerClass(
      Float64Array.from(found.flatMap(({ box }) => box)),
      found.map(({ score }) => score),
      found.map(({ classIndex }) => classIndex),
      { iouThreshold: Math.max(this.#options.iouThreshold, Number.MIN_VALUE), maxDetections: MAX_DETECTIONS },
    );
    return kept.map((i) => found[i]);
  }
}
