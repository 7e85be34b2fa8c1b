export {
  type Augment,
  type AugmentOptions,
  defaultAugment,
  type PictureAugmentOptions,
  resolveAugment,
} from "./augment-options.ts";
export {
  type BatchLoader,
  type BatchLoaderOptions,
  type BatchPlan,
  createBatchLoader,
  type DetectionBatch,
} from "./batch-loader.ts";
export { countSteps } from "./batch-order.ts";
export { batchSheet } from "./batch-sheet.ts";
export { type ColourJitter, drawColourJitter, sameColours } from "./colour-jitter.ts";
export {
  composePoints,
  type LoadedPoints,
  type PointExample,
  type PointLabels,
  type PointRecipe,
} from "./compose-points.ts";
export { composeSample, type LoadedSample, type SampleRecipe } from "./compose-sample.ts";
export { drawPicture, type PlanarCanvas } from "./draw-picture.ts";
export { type ExampleAugment, unvaried } from "./example-augment.ts";
export {
  type ExampleBatch,
  ExampleLoader,
  type ExampleLoaderOptions,
  type ExamplePlan,
} from "./example-loader.ts";
export { letterboxFill, letterboxInto } from "./letterbox-into.ts";
export { PicturePyramid } from "./picture-pyramid.ts";
export type { TrainingBox } from "./place-boxes.ts";
export { type PointBatch, PointLoader, type PointLoaderOptions } from "./point-loader.ts";
