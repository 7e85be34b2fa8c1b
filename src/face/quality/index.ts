export { blurOf } from "./blur.ts";
export {
  enrollmentLimits,
  type FaceQuality,
  faceQuality,
  type QualityLimits,
  qualityProblem,
} from "./face-quality.ts";
export { type HeadPose, headPose } from "./pose.ts";
