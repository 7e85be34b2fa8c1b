export { constantBehind } from "./layer-names.ts";
export { chooseLayers, findLayers, type Layer, layerByName } from "./layers.ts";
export { chooseUnits, type UnitChoice } from "./units.ts";
