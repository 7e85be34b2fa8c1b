export type {
  ClassificationDataset,
  ClassifiedArray,
  ClassifiedArrays,
  ClassifiedPicture,
  ClassifiedPictures,
  ExampleKind,
  PictureBytes,
} from "./dataset.ts";
export { type LoadClassificationOptions, loadClassificationDataset } from "./load.ts";
export { readUnlabelled, type UnlabelledArray } from "./read-unlabelled.ts";
export { readTable, type TableRow } from "./series-table.ts";
export { indexTar, type TarEntry } from "./tar-index.ts";
