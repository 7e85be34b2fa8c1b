export { backboneTrunks } from "./backbones.ts";
export { type Letterboxed, letterboxGraph } from "./letterbox-graph.ts";
export { cardToMetadata, readCard } from "./model-card.ts";
export * from "./nets/index.ts";
export {
  type FeatureMap,
  type PlainTrunk,
  type ResidualTrunk,
  type Trunk,
  trunkMaps,
  unit,
} from "./trunks/index.ts";
