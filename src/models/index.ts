export { Backbone, type BackboneCard, backbonePath, shippedBackbones } from "./backbone.ts";
export {
  type BackboneUse,
  chosenBackbone,
  chosenStart,
  NO_BACKBONE,
  requireTrainable,
  trunkNameOf,
  trunkValues,
  usualBackboneUse,
} from "./backbone-use.ts";
export { backboneTrunks, mobileTrunk, nanoTrunk, smallTrunk } from "./backbones.ts";
export { cellCentres } from "./cell-centres.ts";
export { cornerboxGraph } from "./cornerbox-graph.ts";
export { exportBackbone } from "./export-backbone.ts";
export * from "./face-api/index.ts";
export { fuseMaps } from "./fuse-maps.ts";
export { checkInputSize, inputSizeFor, TRUNK_STRIDE } from "./input-size.ts";
export { type Letterboxed, letterboxGraph } from "./letterbox-graph.ts";
export { cardToMetadata, readCard } from "./model-card.ts";
export { type ModelFile, openModelFile } from "./model-file.ts";
export * from "./nets/index.ts";
export { normalizePixels } from "./normalize-pixels.ts";
export { type DimNames, withAnyBatch, withOpenDims } from "./open-dims.ts";
export {
  type PixelConvention,
  pixelConventionNamed,
  pixelConventionOf,
  pixelConventions,
} from "./pixel-convention.ts";
export * from "./ready/index.ts";
export * from "./remote/index.ts";
export { type Pads, samePads } from "./same-padding.ts";
export * from "./tfjs/index.ts";
export {
  classifierMap,
  type FeatureMap,
  type MobileTrunk,
  type PlainTrunk,
  type ResidualTrunk,
  type Trunk,
  trunkMaps,
} from "./trunks/index.ts";
export type { MobileBlock } from "./trunks/mobile-trunk.ts";
export { normed, type UnitOptions, unit } from "./unit.ts";
