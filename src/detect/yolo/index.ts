export {
  answersPerAnchor,
  type HeadStyle,
  type NetSize,
  netSizes,
  suitsGrid,
  type YoloConfig,
  type YoloGrid,
} from "./config.ts";
export { decodeAll, decodeGrid } from "./decode.ts";
export { exportYolo } from "./export.ts";
export {
  type Grid,
  type GridCollision,
  type GridLabels,
  type GridObject,
  gridLabels,
  placeOnGrid,
} from "./grid-labels.ts";
export { type LossWeights, lossWeights, targetName, yoloLoss } from "./loss.ts";
export { TRUNK_PATH, type YoloNetOptions, yoloNet } from "./net.ts";
export { buildTargets, TARGET_BOX_CHANNELS } from "./targets.ts";
export { compileTraining, feedsOf } from "./training.ts";
