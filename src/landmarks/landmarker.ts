import { FoveaError } from "../core/index.ts";
import { clipBox, type Xyxy } from "../geometry/index.ts";
import { type Picture, requirePicture, squareChip } from "../image/index.ts";
import { openModelFile } from "../models/index.ts";
import { type DeviceOptions, Program } from "../runtime/index.ts";
import { locateInRegions } from "./locate-in-regions.ts";
import { type LandmarkCard, landmarkCardOf } from "./model-card.ts";
import { openReadyLandmarker, readyLandmarkers } from "./ready/index.ts";

/** How to open a net that finds points. */
export interface LandmarkerOptions extends DeviceOptions {
  /** Hears that a ready model is converted, which takes some seconds the first time. */
  onConvert?: (name: string) => void;
}

/** The points of one thing, in the order of the card's names. */
export interface Landmarks {
  /** In pixels of the picture. */
  points: [x: number, y: number][];
  /** How sure each point is, 0…1, where the net says so. */
  scores?: number[];
  /** How sure it is that the thing is there at all, 0…1, where the net says so. */
  presence?: number;
}

/** A net that finds named points in pictures. */
export class Landmarker {
  /** What the model's file says of itself. */
  readonly card: LandmarkCard;
  readonly #program: Program;

  private constructor(card: LandmarkCard, program: Program) {
    this.card = card;
    this.#program = program;
  }

  /**
   * Opens a net from its file or the file's bytes, or a ready one by its name ({@link readyLandmarkers}).
   * @throws FoveaError `model-missing`, `model-unreadable`, `not-a-landmark-model`; `package-missing`,
   *   `weights-missing` for a ready one
   */
  static async load(
    source: string | Uint8Array,
    { onConvert, ...device }: LandmarkerOptions = {},
  ): Promise<Landmarker> {
    const isReady = typeof source === "string" && readyLandmarkers.includes(source);
    const file = isReady ? (await openReadyLandmarker(source, () => onConvert?.(source))).bytes : source;
    const { name, bytes, model } = await openModelFile(file);
    return new Landmarker(landmarkCardOf(model, name), await Program.load(bytes, device));
  }

  /**
   * The points of each box, or those of the whole picture where the net looks at that. A net of one's own takes the whole
   * picture where no boxes are given, and looks again where it found points, if boxes were those of points in its training.
   * @param boxes corners in pixels; those without a pixel in the picture have no points and are undefined in the result
   * @throws FoveaError `argument-range` for a net of boxes without any, `picture-size`, `box-invalid` for corners that are
   *   no numbers
   */
  async locate(picture: Picture, boxes?: readonly Xyxy[]): Promise<(Landmarks | undefined)[]> {
    requirePicture(picture);
    requireFinite(boxes);
    if (this.card.subject === "picture") return [await this.#inPicture(picture)];
    if (this.card.subject === "region") return locateInRegions(this.#program, this.card, picture, boxes);
    if (boxes) return this.#inBoxes(picture, boxes);
    throw new FoveaError(
      "argument-range",
      `Landmarker.locate: "${this.card.model}" looks at boxes, but \`boxes\` are not given.`,
    );
  }

  /** Gives the engine's memory back. */
  close(): Promise<void> {
    return this.#program.release();
  }

  async #inPicture({ width, height, data }: Picture): Promise<Landmarks> {
    const { points } = await this.#program.run({
      image: { dtype: "uint8", shape: [height, width, 3], data },
    });
    const rows = rowsOf(points.data as Float32Array, 3);
    return { points: rows.map(([x, y]) => [x, y]), scores: rows.map(([, , score]) => score) };
  }

  async #inBoxes(picture: Picture, boxes: readonly Xyxy[]): Promise<(Landmarks | undefined)[]> {
    const crops = boxes.map((box) => cropOf(picture, box));
    const present = crops.filter((crop) => crop !== undefined);
    if (present.length === 0) return boxes.map(() => undefined);
    const { side } = this.card;
    const size = 3 * side * side;
    const data = new Float32Array(present.length * size);
    for (const [i, { rect }] of present.entries()) {
      squareChip(picture, rect, side, data.subarray(i * size, (i + 1) * size));
    }
    const pictures = { dtype: "float32" as const, shape: [present.length, 3, side, side], data };
    const { points } = await this.#program.run({ pictures });
    const answers = points.data as Float32Array;
    const length = 2 * this.card.points.length;
    const found = present.map(({ rect, origin }, i): Landmarks => {
      const longer = Math.max(rect.width, rect.height);
      const [padX, padY] = [(longer - rect.width) / 2, (longer - rect.height) / 2];
      const rows = rowsOf(answers.subarray(i * length, (i + 1) * length), 2);
      // From the box's corner within the picture, not from the whole pixels of the crop, as the original does.
      return {
        points: rows.map(([x, y]) => [origin[0] + x * longer - padX, origin[1] + y * longer - padY]),
      };
    });
    return crops.map((crop) => crop && found[present.indexOf(crop)]);
  }
}

function requireFinite(boxes: readonly Xyxy[] = []): void {
  const wrong = boxes.find((box) => box.length !== 4 || !box.every(Number.isFinite));
  if (!wrong) return;
  throw new FoveaError("box-invalid", `Landmarker.locate: box [${wrong.join(", ")}] must be 4 numbers.`);
}

/** The whole pixels of a box within the picture, and the upper left corner of what is within it. */
function cropOf(picture: Picture, box: Xyxy) {
  const [x1, y1, x2, y2] = clipBox(box, picture.width, picture.height);
  const [x, y, width, height] = [x1, y1, x2 - x1, y2 - y1].map(Math.floor);
  if (width < 1 || height < 1) return undefined;
  return { rect: { x, y, width, height }, origin: [x1, y1] };
}

function rowsOf(values: Float32Array, width: number): number[][] {
  return Array.from({ length: values.length / width }, (_, i) =>
    Array.from(values.subarray(i * width, (i + 1) * width)),
  );
}
