export type {
  PicturePoint,
  PointDataset,
  PointDescription,
  PointFormat,
  PointSample,
} from "./dataset.ts";
export { type LoadPointsOptions, loadPointDataset } from "./load.ts";
