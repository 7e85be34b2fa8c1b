import { Detector } from "../detect/index.ts";
import type { Xyxy } from "../geometry/index.ts";
import type { Picture } from "../image/index.ts";
import { Landmarker } from "../landmarks/index.ts";
import type { DeviceOptions } from "../runtime/index.ts";
import { detectFaces } from "./detect-faces.ts";
import { type EncodeOptions, FaceEncoder } from "./encoder.ts";
import type { EncoderSetup } from "./encoder-model.ts";
import { OpenNets } from "./open-nets.ts";
import { uprightPoints } from "./upright-points.ts";

/** How to open what finds and encodes faces; they are averaged with their mirror images unless `mirror` is false. */
export interface FaceFinderOptions extends DeviceOptions, Pick<EncodeOptions, "mirror"> {
  /** The detector of faces; default "faces". */
  detector?: string;
  /** The encoder; default "face-descriptor". */
  encoder?: string;
  /** Least score of a face, 0…1; default the detector's own, .5. */
  scoreThreshold?: number;
  /** Hears that a ready model is converted, which takes some seconds the first time. */
  onConvert?: (name: string) => void;
}

/** A face that was found. */
export interface Face {
  /** Corners in pixels of the picture. */
  box: Xyxy;
  score: number;
  /** The 68 points, in pixels of the picture. */
  points: [x: number, y: number][];
  /** As many numbers as the encoder makes: 128 of the ready one's. */
  encoding: Float32Array;
}

/** Finds faces, puts points on them, aligns and encodes them: what all tasks of faces begin with. */
export class FaceFinder {
  readonly #detector: Detector;
  readonly #landmarker: Landmarker;
  readonly #encoder: FaceEncoder;
  readonly #mirror: boolean;

  private constructor(detector: Detector, landmarker: Landmarker, encoder: FaceEncoder, mirror: boolean) {
    this.#detector = detector;
    this.#landmarker = landmarker;
    this.#encoder = encoder;
    this.#mirror = mirror;
  }

  /** @throws FoveaError what {@link Detector.load}, {@link Landmarker.load} and {@link FaceEncoder.load} throw */
  static async load({
    detector = "faces",
    encoder,
    scoreThreshold,
    mirror = true,
    onConvert,
    ...device
  }: FaceFinderOptions = {}): Promise<FaceFinder> {
    const options = { ...device, onConvert };
    const nets = new OpenNets();
    return new FaceFinder(
      await nets.add(Detector.load(detector, { ...options, scoreThreshold }), (net) => net.close()),
      await nets.add(Landmarker.load("face-points", options), (net) => net.close()),
      await nets.add(FaceEncoder.load(encoder, options), (net) => net.close()),
      mirror,
    );
  }

  /** Which net encodes, and how. */
  get encoder(): EncoderSetup {
    return { ...this.#encoder.model, mirror: this.#mirror };
  }

  /** The encoder's own threshold, see {@link FaceEncoder.threshold}. */
  get threshold(): number | undefined {
    return this.#encoder.threshold;
  }

  /**
   * The faces of a picture, by falling score; without those whose points lie in one place, which cannot be aligned.
   * @throws FoveaError `faces-not-aligned` for several faces where the encoder takes whole pictures
   */
  async find(picture: Picture): Promise<Face[]> {
    const detections = await detectFaces(this.#detector, picture);
    const landmarks = await this.#landmarker.locate(
      picture,
      detections.map(({ box }) => box),
    );
    const found: Omit<Face, "encoding">[] = [];
    for (const [i, { box, score }] of detections.entries()) {
      const points = landmarks[i] && (await this.#upright(picture, box, landmarks[i].points));
      if (points) found.push({ box, score, points });
    }
    const encodings = await this.#encoder.encode(
      picture,
      found.map(({ points }) => points),
      { mirror: this.#mirror },
    );
    return found.map((face, i) => ({ ...face, encoding: encodings[i] }));
  }

  async #upright(picture: Picture, box: Xyxy, points: Face["points"]): Promise<Face["points"] | undefined> {
    try {
      return await uprightPoints(picture, box, points, this.#landmarker);
    } catch (error) {
      if ((error as { code?: unknown }).code === "points-degenerate") return undefined;
      throw error;
    }
  }

  /** Gives the engine's memory back. */
  async close(): Promise<void> {
    await Promise.all([this.#detector.close(), this.#landmarker.close(), this.#encoder.close()]);
  }
}
