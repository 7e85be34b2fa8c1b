export * from "./explain/index.ts";
export type { Shown } from "./explain/target.ts";
export type { EvenSpans, Track } from "./field/track.ts";
export { type InspectionRun, type InspectionStage, type InspectOptions, inspectNet } from "./inspect.ts";
export type { Inspection, LayerFound, PatchFound, UnitFound } from "./inspection.ts";
export { chooseLayers, findLayers, type Layer, layerByName, type UnitChoice } from "./layers/index.ts";
export {
  type Fit,
  InspectedNet,
  type NetOptions,
  type PictureLayout,
  type PixelBox,
  type View,
} from "./net/index.ts";
export {
  type FieldFigures,
  fieldAt,
  fieldFigures,
  type ReceptiveField,
  receptiveFields,
} from "./receptive-field.ts";
export type { InspectionFiles } from "./write-inspection.ts";
