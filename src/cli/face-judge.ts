import { Option } from "commander";
import type { FaceFinder, RateAtDistance } from "../face/index.ts";
import { type ThresholdOptions, verificationThreshold } from "./face-threshold.ts";
import type { EngineOptions } from "./options.ts";
import { parsePath } from "./parse.ts";

/** Options of the commands that decide about two faces. */
export interface JudgeOptions extends ThresholdOptions, EngineOptions {
  falseMatchRate: number;
  head?: string;
}

/** What two encodings say. */
export interface Judgement {
  same: boolean;
  /** The figure by which it is decided and where the line is drawn, in words. */
  stated: string;
  /** What else there is to say, in a sentence. */
  remark?: string;
  /** The figures for programs. */
  figures: object;
}

/** Says of two encodings whether they are of one person. */
export interface FaceJudge {
  judge(a: Float32Array, b: Float32Array): Promise<Judgement>;
  close(): Promise<void>;
}

export function headOption(): Option {
  return new Option(
    "--head <file>",
    "decide by the head.onnx of `fovea face train` instead of by a distance; --model is the encoder that it was trained with",
  )
    .argParser(parsePath)
    .conflicts(["threshold", "calibration", "falseMatchRate"]);
}

/** Who judges by the options: a head, or a threshold. @throws what {@link verificationThreshold} and opening a head throw */
export function openJudge(finder: FaceFinder, options: JudgeOptions): Promise<FaceJudge> {
  return options.head === undefined
    ? distanceJudge(finder, options)
    : headJudge(finder, options.head, options);
}

async function distanceJudge(finder: FaceFinder, options: JudgeOptions): Promise<FaceJudge> {
  const { encodingDistance, falseMatchRateAt } = await import("../face/index.ts");
  const { threshold, stated, calibration } = await verificationThreshold(finder, options);
  return {
    async judge(a, b) {
      const distance = encodingDistance(a, b);
      const rate = calibration && falseMatchRateAt(calibration, distance);
      return {
        same: distance <= threshold,
        stated: `distance ${distance.toFixed(3)}, threshold ${threshold.toFixed(3)} (${stated})`,
        remark: rate && rateText(rate),
        figures: {
          distance,
          threshold,
          thresholdFor: stated,
          falseMatchRate: rate?.rate,
          interval: rate?.interval,
        },
      };
    },
    async close() {},
  };
}

/** How many pairs of different people lie as near. */
function rateText({ rate, atMost, interval }: RateAtDistance): string {
  const share = atMost
    ? `fewer than ${percent(rate)}`
    : `${percent(rate)} (at most ${percent(interval[1])}, 95 %)`;
  return `of pairs of different people ${share} lie as near as these two`;
}

function percent(share: number): string {
  return `${Number((100 * share).toPrecision(2))} %`;
}

/** Where a head draws the line whose training has measured none. */
const EVEN = 0.5;

async function headJudge(finder: FaceFinder, path: string, device: EngineOptions): Promise<FaceJudge> {
  const { SiameseHead } = await import("../face/index.ts");
  const { threads, device: where } = device;
  const head = await SiameseHead.load(path, { threads, device: where });
  try {
    head.requireEncoder(finder.encoder);
  } catch (error) {
    await head.close();
    throw error;
  }
  const { threshold = EVEN } = head.card.head;
  return {
    async judge(a, b) {
      const probability = await head.probability(a, b);
      const stated = `probability ${probability.toFixed(3)}, threshold ${threshold.toFixed(3)} (of the head)`;
      return { same: probability >= threshold, stated, figures: { probability, threshold } };
    },
    close: () => head.close(),
  };
}
