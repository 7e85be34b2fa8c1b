export * from "./batches/index.ts";
export type {
  DetectionDataset,
  DetectionFormat,
  DetectionSample,
  LabelledBox,
  Problem,
  ProblemKind,
} from "./dataset.ts";
