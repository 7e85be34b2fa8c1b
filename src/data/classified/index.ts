export type {
  ClassificationDataset,
  ClassifiedArray,
  ClassifiedArrays,
  ClassifiedPicture,
  ClassifiedPictures,
  ClassifiedSet,
  ExampleKind,
  PictureBytes,
  SequenceLayout,
} from "./dataset.ts";
export { listArrayFiles } from "./list-array-files.ts";
export { type LoadClassificationOptions, loadClassificationDataset } from "./load.ts";
export { padChannels } from "./pack-series.ts";
export {
  type FittedExample,
  type ReadUnlabelledOptions,
  readUnlabelled,
  type UnlabelledArray,
} from "./read-unlabelled.ts";
export { type Example as ClassifiedExample, groupRelatedExamples } from "./related-examples.ts";
export { readTable, type TableRow } from "./series-table.ts";
export { indexTar, type LeftOutEntry, type TarEntry } from "./tar-index.ts";
