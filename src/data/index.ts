export * from "./batches/index.ts";
export type {
  DetectionDataset,
  DetectionFormat,
  DetectionSample,
  LabelledBox,
  Problem,
  ProblemKind,
} from "./dataset.ts";
export {
  generateScene,
  type Scene,
  type SceneOptions,
  sceneClasses,
  type WriteScenesOptions,
  type WrittenScenes,
  writeScenes,
} from "./scenes/index.ts";
