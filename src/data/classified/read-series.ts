import { basename, resolve } from "node:path";
import { FoveaError } from "../../core/index.ts";
import type { Problem, SplitName } from "../dataset.ts";
import { readText } from "../folder.ts";
import { mapParallel } from "../parallel.ts";
import { type ClassFile, listClassFiles } from "./class-folders.ts";
import type { ReadArrays } from "./dataset.ts";
import { checkFolder, empty, readExisting } from "./dataset-errors.ts";
import { labelName } from "./label-name.ts";
import { mostFrequent } from "./most-frequent.ts";
import { type FoundSeries, packSeries } from "./pack-series.ts";
import { channelsOfLine, channelsOfRows } from "./series-channels.ts";
import { bodyOf, namesLabelLast } from "./series-header.ts";
import { readTable, type TableRow } from "./series-table.ts";

/** Names of files with one sequence each. */
const SERIES_SUFFIXES: readonly string[] = [".csv", ".tsv"];

/** How a table of sequences is laid out. */
export interface SeriesFileOptions {
  /** Channels of each sequence; a line holds all values of the first, then of the second …; 1 by default. */
  channels?: number;
}

/**
 * Reads a table with a sequence in each line, its label first, as the UCR archive has them. Separators (tab,
 * comma, semicolon, blanks), a header, and a column of row numbers before the labels are recognised. Empty or NaN cells at the end mean a shorter sequence,
 * which is filled up with its last value; lines that cannot be used are skipped. Both become problems.
 *
 * @returns sequences of shape `[channels, length]`, all in one piece of shared memory
 * @throws FoveaError `dataset-missing`, `dataset-unreadable`, `dataset-empty`, and `argument-range` for `channels`
 */
export function readSeriesFile(path: string, options: SeriesFileOptions = {}): Promise<ReadArrays> {
  return readSeriesFiles([{ file: path }], options);
}

/** One of several tables that make a data set. */
export interface SeriesPart {
  file: string;
  /** The split that its sequences belong to. */
  split?: SplitName;
  /** Stands before the names of its sequences, which are unique in the table only. */
  within?: string;
}

/**
 * Reads tables that belong together; their sequences are filled up to the longest of all. Otherwise as
 * {@link readSeriesFile}.
 */
export async function readSeriesFiles(
  parts: readonly SeriesPart[],
  { channels = 1 }: SeriesFileOptions = {},
): Promise<ReadArrays> {
  if (!Number.isSafeInteger(channels) || channels < 1) {
    throw new FoveaError(
      "argument-range",
      `\`channels\` (=${channels}) must be a whole number of at least 1: the number of values at each time step.`,
    );
  }
  const read = await Promise.all(parts.map((part) => findSeries(part, channels)));
  const problems = read.flatMap((part) => part.problems);
  return packSeries(
    read.flatMap(({ found }) => found),
    problems,
    "lines",
  );
}

/** The sequences of a table, at least one. */
async function findSeries(
  { file: path, split, within }: SeriesPart,
  channels: number,
): Promise<{ found: FoundSeries[]; problems: Problem[] }> {
  const file = resolve(path);
  const { rows, header, hadIndex } = bodyOf(readTable(await readExisting(file, readText)));
  if (header && namesLabelLast(header)) throw labelLast(path, header.cells.at(-1)!);
  const problems: Problem[] = [];
  if (hadIndex) {
    const detail = `The column before \`${header!.cells[0]}\` numbers the rows: it is not read.`;
    problems.push({ kind: "column-ignored", file: `${file}:${header!.line}`, detail });
  }
  const found: FoundSeries[] = [];
  const before = within === undefined ? "" : `${within}/`;
  for (const row of rows) {
    const place = `${file}:${row.line}`;
    const series = readRow(row, channels);
    if (typeof series === "string") {
      problems.push({ kind: "example-unreadable", file: place, detail: `${series}: line skipped.` });
    } else {
      const id = `${before}${basename(file)}:${row.line}`;
      found.push({ ...series, id, file: place, ...(split && { split }) });
    }
  }
  if (found.length > 0) return { found, problems };
  throw empty(path, "each line must hold a label and then its values, for example `beat,0.1,0.7`.", problems);
}

/**
 * Reads folders `class/name.csv` or `.tsv` with one sequence in each file: a row for each time step and a column
 * for each channel, with or without a header. Folders `train`, `val` and `test` above the classes give the splits.
 * Shorter sequences are filled up with their last values; a file that cannot be used, or that has another number
 * of channels than most, is skipped. Both become problems.
 *
 * @returns sequences of shape `[channels, length]`, all in one piece of shared memory
 * @throws FoveaError `dataset-missing`, `dataset-empty`
 */
export async function readSeriesFolder(root: string): Promise<ReadArrays> {
  const folder = resolve(root);
  await checkFolder(folder);
  const { files, problems } = await listClassFiles(folder, SERIES_SUFFIXES, "sequences");
  const read = await mapParallel(files, readTimeSteps);
  const series = read.filter((result): result is FoundSeries => "channels" in result);
  const usual = mostFrequent(series, ({ channels }) => `${channels.length}`);
  const found = series.filter(({ channels }) => `${channels.length}` === usual);
  for (const result of read) {
    if (!("channels" in result)) {
      problems.push(result);
    } else if (`${result.channels.length}` !== usual) {
      const detail = `The sequence has ${result.channels.length} channels, most have ${usual}: skipped.`;
      problems.push({ kind: "example-unreadable", file: result.file, detail });
    }
  }
  const areLines = found.every(
    ({ channels }) => channels.length > 1 && channels.every(({ length }) => length === 1),
  );
  if (found.length > 0 && areLines) {
    throw new FoveaError(
      "dataset-format",
      `The files in \`${root}\` have one row of ${usual} values each (\`${found[0].id}\`): write a row for each time step and a column for each channel.`,
    );
  }
  if (found.length > 0) return packSeries(found, problems, "files");
  throw empty(root, "it must hold class/name.csv with a row of numbers for each time step.", problems);
}

function labelLast(path: string, name: string): FoveaError {
  return new FoveaError(
    "dataset-format",
    `The last column of \`${path}\` is called \`${name}\`, but the label must come first: move that column to the front.`,
  );
}

/** A line's label and channels, or what is wrong with it. */
function readRow({ cells: [first, ...cells] }: TableRow, channelCount: number) {
  const label = labelName(first);
  if (label === "") return "The label is missing";
  const channels = channelsOfLine(cells, channelCount);
  return typeof channels === "string" ? `Label \`${label}\`: ${channels}` : { label, channels };
}

/** A file with a row for each time step. */
async function readTimeSteps({ file, ...example }: ClassFile): Promise<FoundSeries | Problem> {
  const problem = (reason: string, line?: number): Problem => ({
    kind: "example-unreadable",
    file: line === undefined ? file : `${file}:${line}`,
    detail: `${reason}: file skipped.`,
  });
  try {
    const channels = channelsOfRows(readTable(await readText(file)));
    return Array.isArray(channels) ? { ...example, file, channels } : problem(channels.reason, channels.line);
  } catch (error) {
    return problem((error as Error).message);
  }
}
