export {
  augmentSeries,
  augmentVolume,
  cutmix,
  defaultSeriesAugment,
  defaultVolumeAugment,
  drawBeta,
  drawGamma,
  type FactorRange,
  mixup,
  resolveSeriesAugment,
  resolveVolumeAugment,
  type SeriesAugment,
  type SeriesAugmentOptions,
  type VolumeAugment,
  type VolumeAugmentOptions,
  type VolumeAxis,
  type VolumeSize,
} from "./augment/index.ts";
export type { MixedValues } from "./augment/mix-pairs.ts";
export * from "./batches/index.ts";
export * from "./classified/index.ts";
export type {
  DetectionDataset,
  DetectionFormat,
  DetectionSample,
  LabelledBox,
  Problem,
  ProblemKind,
  SampleRegions,
  SplitName,
} from "./dataset.ts";
export { type ClassSummary, type DatasetSummary, describeDataset, type SplitSummary } from "./describe.ts";
export { describeExamples, type ExamplesSummary } from "./describe-examples.ts";
export { fingerprintDataset } from "./fingerprint.ts";
export type { LostLabels } from "./formats/dataset-files.ts";
export { type LoadDatasetOptions, loadDetectionDataset } from "./load.ts";
export { type AnyDataset, loadAnyDataset } from "./load-any.ts";
export { placeOf, readPictureBytes } from "./picture-bytes.ts";
export * from "./points/index.ts";
export { formatProblems } from "./problems.ts";
export type { Quantiles } from "./quantiles.ts";
export { oncePerFile, type ReadableOptions, readableSamples } from "./readable-samples.ts";
export type { Subject } from "./scenes/backdrop.ts";
export {
  generateScene,
  type Scene,
  type SceneOptions,
  sceneClasses,
  type WriteScenesOptions,
  type WrittenScenes,
  writeScenes,
} from "./scenes/index.ts";
export { type DatasetSheetOptions, datasetSheet } from "./sheet.ts";
export { findUnreadableClasses } from "./unreadable-classes.ts";
export { type WriteDatasetOptions, type WrittenDataset, writeDetectionDataset } from "./write.ts";
