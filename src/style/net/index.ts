export { halved } from "./average-pooling.ts";
export { chooseLayers, type LayerChoice, type LayerWeight } from "./choose-layers.ts";
export { FeatureNet } from "./feature-net.ts";
export { type OpenNetOptions, openFeatureNet } from "./open-net.ts";
