export type {
  DetectionDataset,
  DetectionFormat,
  DetectionSample,
  LabelledBox,
  Problem,
  ProblemKind,
} from "./dataset.ts";
