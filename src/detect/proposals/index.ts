export { type ColourSpace, type Planes, toPlanes } from "./colour-spaces.ts";
export { drawBlobs } from "./draw-blobs.ts";
export type { RegionTree } from "./group.ts";
export { ProposalWorkers } from "./proposal-workers.ts";
export {
  type CoveredObject,
  coverObjects,
  evaluateProposals,
  type ProposalEvaluation,
  type ProposalRecall,
} from "./recall.ts";
export { type Segmentation, type SegmentOptions, segmentPicture } from "./segment.ts";
export {
  type ProposalOptions,
  type Proposals,
  proposalDefaults,
  proposeRegions,
  searchRegions,
} from "./selective-search.ts";
export type { Similarity } from "./similarity.ts";
export { type Diversity, diversities, type ProposalMode } from "./strategies.ts";
