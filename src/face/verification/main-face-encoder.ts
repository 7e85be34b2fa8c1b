import { requireWhole } from "../../core/index.ts";
import { Detector } from "../../detect/index.ts";
import type { Xyxy } from "../../geometry/index.ts";
import type { Picture } from "../../image/index.ts";
import { Landmarker } from "../../landmarks/index.ts";
import { type EncodeOptions, FaceEncoder } from "../encoder.ts";
import type { EncoderModel } from "../encoder-model.ts";
import type { FaceFinderOptions } from "../face-finder.ts";
import { OpenNets } from "../open-nets.ts";
import { uprightPoints } from "../upright-points.ts";
import { isLargeFace, lookWider } from "../wider-look.ts";
import { coversMiddle, type FaceBox, mainFace } from "./main-face.ts";

/**
 * How the face of a picture was found: at first sight; in the picture amid an empty frame, where faces look smaller; by a
 * low score; or not at all, so that the picture's central square was taken for it. An encoder that takes whole pictures
 * needs no look: "first".
 */
export type Look = "first" | "wider" | "faint" | "square";

/** The face that a picture is of. */
export interface MainFace extends FaceBox {
  /** 0 where nothing was found. */
  score: number;
  /** The 68 points, in pixels of the picture; none where the encoder takes whole pictures. */
  points?: [x: number, y: number][];
  encoding: Float32Array;
  look: Look;
}

/** How to open what encodes the main faces of pictures. */
export interface MainFaceOptions extends Omit<FaceFinderOptions, "scoreThreshold">, EncodeOptions {}

/** Score of a face that is taken for one. */
const SURE = 0.5;
/** Score of one where there is no better. */
const FAINT = 0.1;
/** How many times as wide the picture becomes in further looks. */
const WIDER = [2, 3];

/**
 * Encodes the one face that a picture is of, for lists of portraits such as Labeled Faces in the Wild, in which no picture
 * may be skipped. It is the largest face near the middle ({@link mainFace}) of score .5. Where that does not cover the
 * picture's middle, or fills half of the picture, the detector looks again, at the picture amid an empty frame twice and
 * then thrice as wide, until a face covers the middle. Where no look shows a face of score .5, those of .1 count, and where
 * there are none the central square is taken for a face. Each result says how it was found.
 */
export class MainFaceEncoder {
  /** Which net encodes. */
  readonly model: EncoderModel;
  /** Whether encodings are means with those of mirror images. */
  readonly mirror: boolean;
  /** Over how many jittered copies instead, if any. */
  readonly jitter: number;
  readonly #detector: Detector;
  readonly #landmarker: Landmarker;
  readonly #encoder: FaceEncoder;

  private constructor(
    detector: Detector,
    landmarker: Landmarker,
    encoder: FaceEncoder,
    { mirror, jitter }: Required<EncodeOptions>,
  ) {
    this.#detector = detector;
    this.#landmarker = landmarker;
    this.#encoder = encoder;
    this.model = encoder.model;
    this.mirror = mirror;
    this.jitter = encoder.alignment === "none" ? 0 : jitter; // whole pictures are taken as they are
  }

  /**
   * @throws FoveaError `argument-range` for a `jitter` that counts nothing; what {@link Detector.load},
   *   {@link Landmarker.load} and {@link FaceEncoder.load} throw
   */
  static async load({
    detector = "faces",
    encoder,
    mirror = true,
    jitter = 0,
    onConvert,
    ...device
  }: MainFaceOptions = {}): Promise<MainFaceEncoder> {
    requireWhole("MainFaceEncoder.load", "jitter", jitter, 0);
    const options = { ...device, onConvert };
    const nets = new OpenNets();
    return new MainFaceEncoder(
      await nets.add(Detector.load(detector, { ...options, scoreThreshold: FAINT }), (net) => net.close()),
      await nets.add(Landmarker.load("face-points", options), (net) => net.close()),
      await nets.add(FaceEncoder.load(encoder, options), (net) => net.close()),
      { mirror, jitter },
    );
  }

  /** The face that a picture is of; undefined where not even its central square has the points of one. */
  async encode(picture: Picture): Promise<MainFace | undefined> {
    if (this.#encoder.alignment === "none") return this.#encodeWhole(picture);
    const { look, ...face } = await this.#find(picture);
    const [marks] = await this.#landmarker.locate(picture, [face.box]);
    if (!marks) return undefined;
    try {
      const points = await uprightPoints(picture, face.box, marks.points, this.#landmarker);
      const [encoding] = await this.#encoder.encode(picture, [points], this);
      return { ...face, points, encoding, look };
    } catch (error) {
      // Of a picture of one colour all points may lie in one place.
      if ((error as { code?: unknown }).code === "points-degenerate") return undefined;
      throw error;
    }
  }

  async #encodeWhole(picture: Picture): Promise<MainFace> {
    const chip = this.#encoder.chip(picture, []);
    const [encoding] = await this.#encoder.encodeChips([chip], { mirror: this.mirror });
    return { box: [0, 0, picture.width, picture.height], score: 1, encoding, look: "first" };
  }

  /** Gives the engine's memory back. */
  async close(): Promise<void> {
    await Promise.all([this.#detector.close(), this.#landmarker.close(), this.#encoder.close()]);
  }

  async #find(picture: Picture): Promise<FaceBox & { look: Look }> {
    const { detections } = await this.#detector.detect(picture);
    const seen = detections.map(({ box, score }) => ({ box, score, look: "first" as Look }));
    const first = mainFace(sureOnes(seen), picture);
    if (first && coversMiddle(first.box, picture) && !isLargeFace(first.box, picture)) return first;
    for (const factor of WIDER) {
      const wider = await lookWider(picture, factor);
      const found = (await this.#detector.detect(wider.picture)).detections.map(({ box, score }) => {
        return { box: wider.toOriginal(box), score, look: "wider" as Look };
      });
      // The detector's boxes are better where faces are small: this look's come before the others'.
      const best = mainFace(sureOnes(found), picture);
      if (best && coversMiddle(best.box, picture)) return best;
      seen.push(...found);
    }
    const sure = mainFace(sureOnes(seen), picture);
    if (sure) return sure;
    const faint = mainFace(seen, picture);
    return faint ? { ...faint, look: "faint" } : { box: centralSquare(picture), score: 0, look: "square" };
  }
}

function sureOnes<T extends FaceBox>(faces: readonly T[]): T[] {
  return faces.filter(({ score }) => score >= SURE);
}

function centralSquare({ width, height }: Picture): Xyxy {
  const side = Math.min(width, height);
  const [left, top] = [(width - side) / 2, (height - side) / 2];
  return [left, top, left + side, top + side];
}
