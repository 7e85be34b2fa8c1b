import { createHash } from "node:crypto";
import { basename, extname, join, resolve } from "node:path";
import { FoveaError } from "../../core/index.ts";
import { PICTURE_EXTENSIONS } from "../../image/index.ts";
import type { Problem, SplitName } from "../dataset.ts";
import { type CopyWords, PICTURE_COPIES, reportLeaks } from "../duplicates.ts";
import { isFile, isFolder, listEntries } from "../folder.ts";
import { placeOf } from "../picture-bytes.ts";
import { SPLIT_NAMES, splitOfEnd } from "../split-names.ts";
import { unreadArchives } from "./archives-or-folders.ts";
import { findUntrained, refuseNoLabels } from "./check-labels.ts";
import type {
  ClassificationDataset,
  ClassifiedArray,
  ClassifiedPicture,
  ExampleKind,
  ReadArrays,
  ReadExample,
} from "./dataset.ts";
import { contentsOf } from "./example-contents.ts";
import { isTable, kindInFolders, TABLES } from "./kind-in-folders.ts";
import {
  emptyTar,
  type FoundPictures,
  readPictureFolder,
  readPictureTar,
  type TarPictures,
} from "./read-pictures.ts";
import { readSeriesFile, readSeriesFiles, readSeriesFolder } from "./read-series.ts";
import { readVolumeFile, readVolumeFolder } from "./read-volumes.ts";
import { findRelatedExamples, reportLabels } from "./related-examples.ts";
import { splitByClass } from "./split-by-class.ts";
import { readTablesOrPictures } from "./tables-or-pictures.ts";

export interface LoadClassificationOptions {
  /** Draws `val` where the data set's files do not define it; 0 by default. */
  seed?: number;
  /** Share of each class that is drawn for `val`, in [0, 1); 0.1 by default. */
  valFraction?: number;
  /** Channels of the sequences in a table of one line each; 1 by default. */
  channels?: number;
  /**
   * `[channels, depth, height, width]` that volumes in folders are brought to; where none of them can be, and by default, it
   * is the usual one.
   */
  shape?: readonly number[];
  /** Told how far pictures are compared with each other, counted in pictures. */
  onProgress?: (done: number, total: number) => void;
}

/** How copies are called. */
const COPIES: Record<ExampleKind, CopyWords> = {
  pictures: PICTURE_COPIES,
  sequences: { thing: "Sequence", exactly: "value for value" },
  volumes: { thing: "Volume", exactly: "value for value" },
};
/** Files that hold many examples. */
const CONTAINERS: readonly string[] = [".tar", ".npz", ...TABLES];

/**
 * Reads a data set for classification. What it is shows in its files:
 *
 * - pictures: folders `class/name.jpg` or tar files of such, in `train`, `val`, `test` (folders, or `train.tar` …) or not;
 * - sequences: a table with one of them in each line, its label first (UCR archive), or folders `class/name.csv`;
 * - volumes: an `.npz` with `voxels` and `labels`, or folders `class/name.npy` or `.nii.gz`.
 *
 * Classes are in the order of their names, numbers by value. What cannot be used is in the result's `problems`, and so
 * are examples that are equal and lie in two splits or classes, and classes that `train` lacks.
 *
 * @throws FoveaError `dataset-missing`, `dataset-format`, `dataset-empty`, `dataset-split`
 */
export async function loadClassificationDataset(
  path: string,
  options: LoadClassificationOptions = {},
): Promise<ClassificationDataset> {
  const { seed = 0, valFraction = 0.1 } = options;
  if (!(valFraction >= 0 && valFraction < 1)) {
    throw new FoveaError(
      "dataset-split",
      `\`valFraction\` (=${valFraction}) must be at least 0 and less than 1.`,
    );
  }
  const root = resolve(path);
  const found = await readAny(root, path, options);
  if ("shape" in found) refuseNoLabels(found, path);
  const examples: readonly ReadExample<ClassifiedPicture | ClassifiedArray>[] = found.examples;
  const classes = ("classes" in found && found.classes) || sortedLabels(examples);
  const indexOf = new Map(classes.map((name, i) => [name, i]));
  const indexed = examples.map(({ label, ...example }) => ({ ...example, classIndex: indexOf.get(label)! }));
  const all = indexed as (ClassifiedPicture | ClassifiedArray)[];
  const contents = await contentsOf(all);
  const related = await findRelatedExamples(all, contents, options.onProgress);
  const { splits, drawn } = splitByClass(indexed, { seed, valFraction, together: related.together });
  const words = COPIES["shape" in found ? found.kind : "pictures"];
  const fileOf = (example: (typeof all)[number]) => ("bytes" in example ? placeOf(example) : root);
  const problems = [
    ...found.problems,
    ...reportLabels(related.copies, classes, words, fileOf),
    ...reportLeaks(splits as Record<SplitName, typeof all>, related.copiesOfOneClass, fileOf, words),
    ...findUntrained(root, classes, splits),
  ];
  const contentOf = new Map(all.map(({ id }, i) => [id, contents[i]]));
  for (const split of SPLIT_NAMES) for (const example of splits[split]) delete example.split;
  const common = {
    root,
    classes,
    splitSource: drawn ? { seed, valFraction } : ("files" as const),
    problems,
    fingerprint: fingerprint(classes, splits, contentOf),
  };
  return "shape" in found
    ? {
        ...common,
        kind: found.kind,
        shape: found.shape,
        ...(found.layout && { layout: found.layout }),
        splits: splits as Record<SplitName, ClassifiedArray[]>,
      }
    : { ...common, kind: "pictures", splits: splits as Record<SplitName, ClassifiedPicture[]> };
}

async function readAny(
  root: string,
  name: string,
  { channels, shape }: LoadClassificationOptions,
): Promise<Found> {
  if (await isFile(root)) {
    const found = await readContainer(root, name, channels);
    if ("fileCount" in found && found.examples.length === 0) throw emptyTar(root, found);
    return found;
  }
  if (!(await isFolder(root))) {
    throw new FoveaError(
      "dataset-missing",
      `There is no file or folder \`${name}\`: check the path and the spelling.`,
    );
  }
  const parts = await listParts(root);
  if (parts.length > 0 && parts.every(isTable)) {
    return readTablesOrPictures(root, name, parts, () => readTables(root, parts, channels));
  }
  const unreadParts = parts.length > 0 ? await unreadArchives(root, nameParts(root, parts)) : [];
  if (!unreadParts) return readParts(root, parts, channels);
  const { kind, strays } = (await kindInFolders(root, name)) ?? { strays: [] };
  if (kind) {
    const found = await readFolder(root, kind, shape);
    const detail = `The file is none of the ${kind} that lie beside it: skipped.`;
    const unread = strays.map(
      (file): Problem => ({ kind: "example-unreadable", file: join(root, file), detail }),
    );
    return { ...found, problems: [...found.problems, ...unreadParts, ...unread] };
  }
  throw new FoveaError(
    "dataset-empty",
    `\`${name}\` has no labelled pictures, sequences or volumes: put them into folders named after their classes, for example cat/1.jpg (${PICTURE_EXTENSIONS.join(", ")}), beat/1.csv or bowl/1.npy.`,
  );
}

type Found = ReadArrays | FoundPictures;

function readFolder(root: string, kind: ExampleKind, shape: readonly number[] | undefined): Promise<Found> {
  if (kind === "volumes") return readVolumeFolder(root, { shape });
  return kind === "sequences" ? readSeriesFolder(root) : readPictureFolder(root);
}

/** An archive may turn out to have no labelled picture. */
async function readContainer(
  path: string,
  name: string,
  channels: number | undefined,
): Promise<ReadArrays | TarPictures> {
  const extension = extname(path).toLowerCase();
  if (extension === ".tar") return readPictureTar(path);
  if (extension === ".npz") return readVolumeFile(path);
  if (TABLES.includes(extension) || extension === ".txt") return readSeriesFile(path, { channels });
  throw new FoveaError(
    "dataset-format",
    `\`${name}\` is no data set to classify: files may be .tar (pictures), .tsv or .csv (sequences) and .npz (volumes).`,
  );
}

/** `train.tar` and `ECG200_TEST.tsv` say which split they are. */
function splitOfFile(entry: string): SplitName | undefined {
  return splitOfEnd(basename(entry, extname(entry)));
}

/** The files in a folder that hold a split each. */
async function listParts(root: string): Promise<string[]> {
  const named = (await listEntries(root)).filter(
    (entry) =>
      CONTAINERS.includes(extname(entry).toLowerCase()) &&
      !entry.startsWith(".") &&
      splitOfFile(entry) !== undefined,
  );
  const areFiles = await Promise.all(named.map((entry) => isFile(join(root, entry))));
  return named.filter((_, i) => areFiles[i]);
}

/** A file for each split, or several. */
function nameParts(root: string, entries: readonly string[]) {
  return entries.map((entry) => {
    const within = basename(entry, extname(entry)); // files may hold examples of the same names
    return { entry, file: join(root, entry), split: splitOfFile(entry), within };
  });
}

/** A table for each split. They may end at different time steps; together they are as long as the longest of all. */
function readTables(
  root: string,
  entries: readonly string[],
  channels: number | undefined,
): Promise<ReadArrays> {
  return readSeriesFiles(nameParts(root, entries), { channels });
}

/** A file for each split, not all of them tables. They must hold examples of one kind and shape. */
async function readParts(
  root: string,
  entries: readonly string[],
  channels: number | undefined,
): Promise<Found> {
  const parts = await Promise.all(
    nameParts(root, entries).map(async (named) => {
      const { entry, file } = named;
      return { entry, named, found: await readContainer(file, entry, channels) };
    }),
  );
  const [first] = parts;
  const formOf = (found: ReadArrays | TarPictures) =>
    "shape" in found ? `${found.kind} of ${found.shape.join("×")}` : "pictures";
  for (const { entry, found } of parts) {
    if (formOf(found) === formOf(first.found)) continue;
    throw new FoveaError(
      "dataset-format",
      `\`${root}\` mixes ${formOf(first.found)} (\`${first.entry}\`) and ${formOf(found)} (\`${entry}\`): keep one kind and shape in a data set.`,
    );
  }
  const classesOf = (found: ReadArrays | TarPictures) => ("classes" in found ? found.classes : undefined);
  const other = parts.find(({ found }) => !classesOf(found) !== !classesOf(first.found));
  if (other) {
    throw new FoveaError(
      "dataset-format",
      `The classes of \`${root}\` have names in only one of \`${first.entry}\` and \`${other.entry}\`: mend classes.txt so that it fits the labels of both.`,
    );
  }
  const problems = parts.flatMap(({ found, named }) => [
    ...found.problems,
    ...problemOfEmpty(found, named.file),
  ]);
  const place = <E extends { id: string }>(
    examples: readonly E[],
    { split, within }: (typeof first)["named"],
  ) => examples.map((example) => ({ ...example, id: `${within}/${example.id}`, split }));
  if (!("shape" in first.found)) {
    const examples = parts.flatMap(({ found, named }) => place((found as FoundPictures).examples, named));
    if (examples.length === 0) throw emptyTar(first.named.file, first.found);
    return { examples, problems };
  }
  const examples = parts.flatMap(({ found, named }) => place((found as ReadArrays).examples, named));
  return { ...first.found, examples, problems };
}

/** What is said of an archive beside others that has nothing to speak of. */
function problemOfEmpty(found: ReadArrays | TarPictures, file: string): Problem[] {
  if (found.examples.length > 0 || found.problems.length > 0 || !("fileCount" in found)) return [];
  const detail = `The archive has no picture among its files (${found.fileCount}): nothing is read of it.`;
  return [{ kind: "example-unreadable", file, detail }];
}

/** Numbers by value, then names; numbers within names count by value, too. */
function sortedLabels(examples: readonly { label: string }[]): string[] {
  const labels = new Set(examples.map(({ label }) => label));
  const { compare } = new Intl.Collator("en", { numeric: true });
  const numberOf = (label: string) => (Number.isFinite(Number(label)) ? Number(label) : Number.MAX_VALUE);
  return [...labels].sort((a, b) => numberOf(a) - numberOf(b) || compare(a, b));
}

function fingerprint(
  classes: readonly string[],
  splits: Record<SplitName, readonly { id: string; classIndex: number }[]>,
  contentOf: ReadonlyMap<string, string | number>,
): string {
  const hash = createHash("sha256").update(`${JSON.stringify(classes)}\n`);
  for (const split of SPLIT_NAMES) {
    hash.update(`${split}\n`);
    for (const { id, classIndex } of splits[split]) {
      hash.update(`${JSON.stringify([id, classIndex, contentOf.get(id)])}\n`);
    }
  }
  return hash.digest("hex");
}
