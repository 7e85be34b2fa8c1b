import type { Picture } from "../../image/index.ts";
import { CHIP_SIZE } from "../alignment.ts";
import { type FacePoints, faceChip } from "../encoder.ts";
import { blurOf } from "./blur.ts";
import { type HeadPose, headPose } from "./pose.ts";

/** How good a picture of a face is. */
export interface FaceQuality {
  /** The detector's score, 0…1. */
  score: number;
  /** Distance of the outer eye corners in pixels of the picture. */
  eyeDistance: number;
  /** 0 (sharp) … 1 (blurred), of the aligned face; what is too small is blurred, too. */
  blur: number;
  pose: HeadPose;
  /** Mean brightness of the face, 0…255. */
  brightness: number;
  /** Standard deviation of the face's brightness. */
  contrast: number;
}

/** What a picture must reach. */
export interface QualityLimits {
  score: number;
  eyeDistance: number;
  /** Most blur. */
  blur: number;
  /** Most degrees to either side. */
  yaw: number;
  /** Most degrees up or down. */
  pitch: number;
  brightness: readonly [least: number, most: number];
  contrast: number;
}

/** What a picture by which a person is enrolled must reach: one bad picture is met again at every comparison. */
export const enrollmentLimits: QualityLimits = {
  score: 0.5,
  eyeDistance: 24,
  blur: 0.68,
  yaw: 45,
  pitch: 40,
  brightness: [35, 225],
  contrast: 12,
};

/** The middle of a chip, in which there is face only. */
const MIDDLE = { from: Math.round(0.25 * CHIP_SIZE), to: Math.round(0.75 * CHIP_SIZE) };

/**
 * Measures a face as found in a picture.
 * @throws FoveaError `points-degenerate`
 */
export function faceQuality(
  picture: Picture,
  { score, points }: { score: number; points: FacePoints },
): FaceQuality {
  const grey = greyMiddle(faceChip(picture, points));
  const mean = grey.reduce((sum, value) => sum + value, 0) / grey.length;
  const variance = grey.reduce((sum, value) => sum + (value - mean) ** 2, 0) / grey.length;
  const [left, right] = [points[36], points[45]];
  const side = MIDDLE.to - MIDDLE.from;
  return {
    score,
    eyeDistance: Math.hypot(right[0] - left[0], right[1] - left[1]),
    blur: blurOf(grey, side, side),
    pose: headPose(points),
    brightness: mean,
    contrast: Math.sqrt(variance),
  };
}

/** Luma (Rec. 601) of a chip's middle. */
function greyMiddle(chip: Float32Array): Float32Array {
  const plane = CHIP_SIZE * CHIP_SIZE;
  const side = MIDDLE.to - MIDDLE.from;
  const grey = new Float32Array(side * side);
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      const at = (MIDDLE.from + y) * CHIP_SIZE + MIDDLE.from + x;
      grey[y * side + x] = 0.299 * chip[at] + 0.587 * chip[plane + at] + 0.114 * chip[2 * plane + at];
    }
  }
  return grey;
}

/** Why a picture is not good enough, in words that say what to do; undefined where it is. */
export function qualityProblem(
  { score, eyeDistance, blur, pose, brightness, contrast }: FaceQuality,
  limits: QualityLimits = enrollmentLimits,
): string | undefined {
  const [darkest, brightest] = limits.brightness;
  const round = (value: number) => value.toFixed(0);
  if (eyeDistance < limits.eyeDistance)
    return `the face is too small (eyes ${round(eyeDistance)} px apart, at least ${limits.eyeDistance} wanted): take a closer or larger picture`;
  if (score < limits.score)
    return `it is hardly a face (score ${score.toFixed(2)}, at least ${limits.score} wanted): take another picture`;
  if (Math.abs(pose.yaw) > limits.yaw)
    return `the face is turned ${round(Math.abs(pose.yaw))}° to the ${pose.yaw > 0 ? "right" : "left"} (at most ${limits.yaw}°): look into the camera`;
  if (Math.abs(pose.pitch) > limits.pitch)
    return `the face looks ${round(Math.abs(pose.pitch))}° ${pose.pitch > 0 ? "down" : "up"} (at most ${limits.pitch}°): look into the camera`;
  if (brightness < darkest)
    return `the face is too dark (brightness ${round(brightness)}, at least ${darkest} wanted): more light`;
  if (brightness > brightest)
    return `the face is too bright (brightness ${round(brightness)}, at most ${brightest}): less light`;
  if (contrast < limits.contrast)
    return `the face is flat (contrast ${round(contrast)}, at least ${limits.contrast} wanted): better light`;
  if (blur > limits.blur)
    return `the face is blurred (${blur.toFixed(2)}, at most ${limits.blur}): hold the camera still, or use a larger picture`;
  return undefined;
}
