import type { Xyxy } from "../../geometry/index.ts";
import { type Picture, sampleAffine } from "../../image/index.ts";
import { type DeviceOptions, Program } from "../../runtime/index.ts";
import { OpenNets } from "../open-nets.ts";
import { LIVENESS_SIDES, openReadyLivenessNet } from "./convert.ts";

/** What the nets say of a face. */
export interface Liveness {
  /** That it is no picture of a picture, 0…1. */
  antispoof: number;
  /** That it is a living face, 0…1. */
  liveness: number;
  /** Whether both reach the threshold. */
  passed: boolean;
}

/** How to open a liveness check. */
export interface LivenessOptions extends DeviceOptions {
  /** Least probability that both nets must reach, 0…1; default .5. */
  threshold?: number;
  /** Hears that a ready model is converted, which takes a moment the first time. */
  onConvert?: (name: string) => void;
}

/** How much of its surroundings the nets see with a face: the box's side times this. */
const SURROUNDINGS = 1.4;

/**
 * Whether a face in front of a camera is a living one, by two small nets of one picture each.
 *
 * **Weak.** Both were trained by hobbyists on a few hundred recordings; they know some bad prints and screens, let good
 * ones pass, and refuse living people in poor light. They may veto what else would be accepted; they are no protection
 * against somebody who wants to get in. That needs a depth or infrared camera, or a task to be done in front of it.
 */
export class LivenessCheck {
  readonly #antispoof: Program;
  readonly #liveness: Program;
  readonly #threshold: number;

  private constructor(antispoof: Program, liveness: Program, threshold: number) {
    this.#antispoof = antispoof;
    this.#liveness = liveness;
    this.#threshold = threshold;
  }

  /** @throws FoveaError `package-missing`, `weights-missing`, `weights-damaged` */
  static async load({ threshold = 0.5, onConvert, ...device }: LivenessOptions = {}): Promise<LivenessCheck> {
    const nets = new OpenNets();
    const load = async (name: string) =>
      Program.load((await openReadyLivenessNet(name, () => onConvert?.(name))).bytes, device);
    const open = (name: string) => nets.add(load(name), (net) => net.release());
    return new LivenessCheck(await open("antispoof"), await open("liveness"), threshold);
  }

  /** Judges the face in a box, corners in pixels of the picture. */
  async judge(picture: Picture, box: Xyxy): Promise<Liveness> {
    const antispoof = await probability(this.#antispoof, picture, box, LIVENESS_SIDES.antispoof);
    const liveness = await probability(this.#liveness, picture, box, LIVENESS_SIDES.liveness);
    return { antispoof, liveness, passed: Math.min(antispoof, liveness) >= this.#threshold };
  }

  /** Gives the engine's memory back. */
  async close(): Promise<void> {
    await Promise.all([this.#antispoof.release(), this.#liveness.release()]);
  }
}

async function probability(program: Program, picture: Picture, box: Xyxy, side: number): Promise<number> {
  const data = faceSquare(picture, box, side);
  const results = await program.run({ picture: { dtype: "float32", shape: [1, 3, side, side], data } });
  return Number(results.probability.data[0]);
}

/** The square around a box with its surroundings, `[3, side, side]`, 0…1; black beyond the picture. */
function faceSquare(picture: Picture, [x1, y1, x2, y2]: Xyxy, side: number): Float32Array {
  const length = SURROUNDINGS * Math.max(x2 - x1, y2 - y1);
  const step = length / side;
  const left = (x1 + x2 - length) / 2;
  const top = (y1 + y2 - length) / 2;
  const square = new Float32Array(3 * side * side);
  sampleAffine(picture, [step, 0, left, 0, step, top], { width: side, height: side }, square);
  return square.map((value) => value / 255);
}
