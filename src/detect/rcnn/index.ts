export { gridAnchors } from "./anchors.ts";
export {
  type BoxWeights,
  decodeInGraph,
  encodeBoxes,
  encodeInGraph,
  headWeights,
  LARGEST_LOG_FACTOR,
  rpnWeights,
} from "./box-coder.ts";
export {
  anchorsOf,
  type FasterRcnnConfig,
  type FastRcnnConfig,
  type ProposalUse,
  type RcnnConfig,
  type RegionNetConfig,
  type RpnGrid,
} from "./config.ts";
export { exportFastRcnn, exportRcnn, PROPOSALS } from "./export.ts";
export { compileFastRcnnTraining, fastRcnnFeeds, withProposals } from "./fast-training.ts";
export {
  type DetectionLoss,
  type HeadAnswers,
  headLoss,
  type RpnAnswers,
  rpnLoss,
  SMOOTH_L1_BETA,
} from "./losses.ts";
export {
  BACKGROUND,
  BETWEEN,
  headMatching,
  type MatchOptions,
  matchBoxes,
  rpnMatching,
} from "./match.ts";
export { type BoxSample, headSampling, rpnSampling, type SampleOptions, sampleBoxes } from "./sample.ts";
export { compileRcnnTraining, rcnnFeeds } from "./training.ts";
