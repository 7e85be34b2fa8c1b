import type { EncoderModel } from "../encoder-model.ts";
import type { Calibration } from "./calibration.ts";
import { measured } from "./ready-calibration-table.ts";

/** A measured row: distance, false matches, miss rate, and the ends of the false-match rate's interval by people. */
export type MeasuredPoint = readonly [
  distance: number,
  falseMatches: number,
  missRate: number,
  low: number,
  high: number,
];

/** What `tools/calibrate-faces.ts` measured with one way to encode. */
export interface MeasuredDistances {
  different: number;
  same: number;
  points: readonly MeasuredPoint[];
}

/**
 * The calibration that Fovea brings along: of the ready encoder, plain and averaged with mirror images, measured on 355
 * people of Labeled Faces in the Wild with 1,262 pictures, none of whom is in that set's usual test pairs. These are mostly
 * grown men in press photographs: calibrate on pictures of your own where people are others. The net tells some groups
 * apart much worse: the thirty nearest pairs of different people are all men of East Asian descent, so that among such
 * people false matches are far more frequent than stated. Undefined for other encoders.
 */
export function readyCalibration(encoder: EncoderModel, mirror: boolean): Calibration | undefined {
  if (encoder.digest !== measured.digest) return undefined;
  const { people, pictures } = measured;
  const { different, same, points } = mirror ? measured.mirrored : measured.plain;
  return {
    encoder,
    mirror,
    different,
    same,
    people,
    pictures,
    points: points.map(([distance, falseMatches, missRate, low, high]) => ({
      distance,
      falseMatches,
      missRate,
      spread: [low, high],
    })),
  };
}
