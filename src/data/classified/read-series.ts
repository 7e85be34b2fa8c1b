import { basename, resolve } from "node:path";
import { FoveaError } from "../../core/index.ts";
import type { Problem } from "../dataset.ts";
import { readText } from "../folder.ts";
import { mapParallel } from "../parallel.ts";
import { type ClassFile, listClassFiles } from "./class-folders.ts";
import type { ReadArrays } from "./dataset.ts";
import { checkFolder, empty, readExisting } from "./dataset-errors.ts";
import { labelName } from "./label-name.ts";
import { mostFrequent } from "./most-frequent.ts";
import { type FoundSeries, packSeries } from "./pack-series.ts";
import { areNames, readTable, type TableRow } from "./series-table.ts";
import { parseChannel } from "./series-values.ts";

/** Names of files with one sequence each. */
const SERIES_SUFFIXES: readonly string[] = [".csv", ".tsv"];

/** First cells of headers whose other cells may be numbers: those of the time steps. */
const LABEL_HEADERS: readonly string[] = ["label", "labels", "class", "target", "y"];

/** How a table of sequences is laid out. */
export interface SeriesFileOptions {
  /** Channels of each sequence; a line holds all values of the first, then of the second …; 1 by default. */
  channels?: number;
}

/**
 * Reads a table with a sequence in each line, its label first, as the UCR archive has them. Separators (tab,
 * comma, semicolon, blanks) and a header are recognised. Empty or NaN cells at the end mean a shorter sequence,
 * which is filled up with its last value; lines that cannot be used are skipped. Both become problems.
 *
 * @returns sequences of shape `[channels, length]`, all in one piece of shared memory
 * @throws FoveaError `dataset-missing`, `dataset-unreadable`, `dataset-empty`, and `argument-range` for `channels`
 */
export async function readSeriesFile(path: string, options: SeriesFileOptions = {}): Promise<ReadArrays> {
  const { channels = 1 } = options;
  if (!Number.isSafeInteger(channels) || channels < 1) {
    throw new FoveaError(
      "argument-range",
      `\`channels\` (=${channels}) must be a whole number of at least 1: the number of values at each time step.`,
    );
  }
  const file = resolve(path);
  const rows = readTable(await readExisting(file, readText));
  const problems: Problem[] = [];
  const found: FoundSeries[] = [];
  for (const row of rows.slice(rows.length > 0 && isHeader(rows[0]) ? 1 : 0)) {
    const place = `${file}:${row.line}`;
    const series = readRow(row, channels);
    if (typeof series === "string") {
      problems.push({ kind: "example-unreadable", file: place, detail: `${series}: line skipped.` });
    } else {
      found.push({ ...series, id: `${basename(file)}:${row.line}`, file: place });
    }
  }
  if (found.length > 0) return packSeries(found, problems);
  throw empty(path, "each line must hold a label and then its values, for example `beat,0.1,0.7`.", problems);
}

/**
 * Reads folders `class/name.csv` or `.tsv` with one sequence in each file: a row for each time step and a column
 * for each channel, with or without a header. A first level of `train`, `val` and `test` gives the splits.
 * Shorter sequences are filled up with their last values; a file that cannot be used, or that has another number
 * of channels than most, is skipped. Both become problems.
 *
 * @returns sequences of shape `[channels, length]`, all in one piece of shared memory
 * @throws FoveaError `dataset-missing`, `dataset-empty`
 */
export async function readSeriesFolder(root: string): Promise<ReadArrays> {
  const folder = resolve(root);
  await checkFolder(folder);
  const { files, problems } = await listClassFiles(folder, SERIES_SUFFIXES);
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
  if (found.length > 0) return packSeries(found, problems);
  throw empty(root, "it must hold class/name.csv with a row of numbers for each time step.", problems);
}

/** Whether a line names columns: no number among them, or none but the numbers of the time steps. */
export function isHeader({ cells: [first, ...values] }: TableRow): boolean {
  const start = Number(values[0]);
  const countsUp = (start === 0 || start === 1) && values.every((cell, i) => cell === `${start + i}`);
  return areNames(values) || (countsUp && LABEL_HEADERS.includes(first.toLowerCase()));
}

/** A line's label and channels, or what is wrong with it. */
function readRow({ cells: [first, ...cells] }: TableRow, channelCount: number) {
  const label = labelName(first);
  if (label === "") return "The label is missing";
  // A separator at the end of a line makes one empty cell more.
  if (cells.length % channelCount === 1 && cells.at(-1) === "") cells.pop();
  const length = cells.length / channelCount;
  if (!Number.isInteger(length)) {
    return `Label \`${label}\`: ${cells.length} values are not ${channelCount} channels of equal lengths`;
  }
  const channels: Float32Array[] = [];
  for (let c = 0; c < channelCount; c++) {
    const channel = parseChannel(cells.slice(c * length, (c + 1) * length));
    if (!(channel instanceof Float32Array)) {
      const value = channel.at === undefined ? "" : `value ${c * length + channel.at + 1} `;
      return `Label \`${label}\`: ${value}${channel.reason}`;
    }
    channels.push(channel);
  }
  return { label, channels };
}

/** A file with a row for each time step. */
async function readTimeSteps({ file, ...example }: ClassFile): Promise<FoundSeries | Problem> {
  const problem = (reason: string, row?: TableRow): Problem => ({
    kind: "example-unreadable",
    file: row ? `${file}:${row.line}` : file,
    detail: `${reason}: file skipped.`,
  });
  let rows: TableRow[];
  try {
    rows = readTable(await readText(file));
  } catch (error) {
    return problem((error as Error).message);
  }
  if (rows.length > 0 && areNames(rows[0].cells)) rows.shift();
  if (rows.length === 0) return problem("The file has no values");
  const columns = rows[0].cells.length;
  const odd = rows.find(({ cells }) => cells.length !== columns);
  if (odd) return problem(`The row has ${odd.cells.length} values, the first one has ${columns}`, odd);
  const channels: Float32Array[] = [];
  for (let c = 0; c < columns; c++) {
    const channel = parseChannel(rows.map(({ cells }) => cells[c]));
    if (!(channel instanceof Float32Array)) {
      const row = channel.at === undefined ? undefined : rows[channel.at];
      return problem(`Column ${c + 1}: ${row ? "the value " : ""}${channel.reason}`, row);
    }
    channels.push(channel);
  }
  return { ...example, file, channels };
}
