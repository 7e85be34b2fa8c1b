export { type CocoClassResult, type CocoOptions, type CocoResult, evaluateCoco } from "./coco.ts";
export {
  parseCocoDetections,
  parseCocoGroundTruth,
  readCocoDetections,
  readCocoGroundTruth,
} from "./coco-json.ts";
export type {
  CocoAnnotation,
  CocoCategory,
  CocoDetection,
  CocoGroundTruth,
  CocoId,
  CocoStats,
} from "./coco-types.ts";
