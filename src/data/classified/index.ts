export type {
  ClassificationDataset,
  ClassifiedArray,
  ClassifiedArrays,
  ClassifiedPicture,
  ClassifiedPictures,
  ExampleKind,
  PictureBytes,
  SequenceLayout,
} from "./dataset.ts";
export { type LoadClassificationOptions, loadClassificationDataset } from "./load.ts";
export { padChannels } from "./pack-series.ts";
export { type ReadUnlabelledOptions, readUnlabelled, type UnlabelledArray } from "./read-unlabelled.ts";
export { groupRelatedExamples } from "./related-examples.ts";
export { readTable, type TableRow } from "./series-table.ts";
export { indexTar, type LeftOutEntry, type TarEntry } from "./tar-index.ts";
