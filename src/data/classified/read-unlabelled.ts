import { basename, extname, resolve } from "node:path";
import { FoveaError, sizeOf } from "../../core/index.ts";
import { readText } from "../folder.ts";
import type { ClassifiedArray, SequenceLayout } from "./dataset.ts";
import { empty, readExisting } from "./dataset-errors.ts";
import { canFit, putFitted } from "./fit-volume.ts";
import { padChannels } from "./pack-series.ts";
import { readUnlabelledVolumes, readVolume } from "./read-volumes.ts";
import { channelsOfLine, channelsOfRows } from "./series-channels.ts";
import { bodyOf } from "./series-header.ts";
import { haveLabels, isName } from "./series-labels.ts";
import { readTable, type TableRow } from "./series-table.ts";
import { faultOf, formatShape, shareValues } from "./volume.ts";

/** What is known of the classifier besides its shape. */
export interface ReadUnlabelledOptions {
  /** How the sequences stand in their files; each in a line by default. */
  layout?: SequenceLayout;
  /** Names of the classes: tell a label that is a number from a first value where the number of cells does not. */
  classes?: readonly string[];
  /** Told why an example cannot be used, which does not keep the others of its file from being; by default that is thrown. */
  onFailure?: (failure: FoveaError) => void;
  /** Told of each example that was filled up or cut to the classifier's shape. */
  onFitted?: (fitted: FittedExample) => void;
}

/** An example that is not of the shape that a classifier takes, and was brought to it. */
export interface FittedExample {
  id: string;
  /** Of sequences: how much of the classifier's time steps they have, in (0, 1). */
  share?: number;
}

/** An example without a label. */
export type UnlabelledArray = Pick<ClassifiedArray, "id" | "values">;

/**
 * Sequences or volumes to be classified: the lines of a table (a label before the values is passed over), a sequence
 * with a row for each time step, one `.npy`, `.nii` or `.nii.gz` volume, or those of an `.npz`, which needs no labels.
 * Shorter sequences are filled up as in training, volumes of about the right size cut and filled up.
 *
 * @param shape `[channels, …]` that the classifier takes: tells a label from a first value
 * @throws FoveaError `dataset-missing`, `dataset-unreadable`, `dataset-empty`, `example-unreadable`
 */
export async function readUnlabelled(
  path: string,
  shape: readonly number[],
  { layout = "lines", classes = [], onFailure, onFitted }: ReadUnlabelledOptions = {},
): Promise<UnlabelledArray[]> {
  if (extname(path).toLowerCase() === ".npz") {
    const { shape: found, volumes } = await readUnlabelledVolumes(path);
    if (volumes.length === 0) throw empty(path, "save the volumes to classify in it.", []);
    const examples = volumes.map((values, i) => ({ id: `${basename(path)}:${i}`, values }));
    const read = (example: UnlabelledArray) => fitted(example, found, shape, onFitted);
    if (!canFit(found, shape)) read(examples[0]); // which says so of all
    return usable(examples, (example) => requireFinite(read(example)), onFailure);
  }
  if (shape.length > 2) {
    const { shape: found, elements } = await readVolume({ file: resolve(path), id: path });
    const values = Float32Array.from(elements as ArrayLike<number>, Number);
    return [requireFinite(fitted({ id: path, values }, found, shape, onFitted))];
  }
  const table = readTable(await readExisting(resolve(path), readText));
  if (layout === "files") return [sequenceOf(path, table, shape, onFitted)];
  const { rows } = bodyOf(table);
  if (rows.length === 0) throw empty(path, "each line must hold the values of a sequence.", []);
  const areLabelled = haveLabels(rows, shape, classes);
  return usable(rows, (row) => sequenceOfLine(path, row, shape, areLabelled, onFitted), onFailure);
}

/** What comes of the items that can be used. @throws the first failure where nobody is told of it, or all items fail */
function usable<T>(
  items: readonly T[],
  read: (item: T) => UnlabelledArray,
  onFailure?: (failure: FoveaError) => void,
): UnlabelledArray[] {
  const failures: FoveaError[] = [];
  const examples = items.flatMap((item) => {
    try {
      return [read(item)];
    } catch (error) {
      if (!(error instanceof FoveaError) || !onFailure) throw error;
      failures.push(error);
      return [];
    }
  });
  const [first, ...others] = failures;
  if (examples.length === 0 && others.length > 0) {
    throw new FoveaError(
      first.code,
      `${first.message} Nor can the ${others.length} others in that file be used.`,
    );
  }
  for (const failure of failures) onFailure?.(failure);
  return examples;
}

type OnFitted = ReadUnlabelledOptions["onFitted"];

/** A volume in the shape that the classifier takes. @throws FoveaError `example-unreadable` where its own is too far from it */
function fitted(
  { id, values }: UnlabelledArray,
  found: readonly number[],
  shape: readonly number[],
  onFitted: OnFitted,
): UnlabelledArray {
  if (formatShape(found) === formatShape(shape)) return { id, values };
  if (!canFit(found, shape)) {
    throw notClassified(id, `its shape is ${formatShape(found)}, the classifier takes ${formatShape(shape)}`);
  }
  const all = shareValues(sizeOf(shape), values instanceof Uint8Array);
  putFitted(all, shape, values, found);
  onFitted?.({ id });
  return { id, values: all };
}

function requireFinite(volume: UnlabelledArray): UnlabelledArray {
  const fault = faultOf(volume.values);
  if (fault === undefined) return volume;
  throw notClassified(volume.id, fault);
}

function notClassified(id: string, fault: string): FoveaError {
  return new FoveaError("example-unreadable", `\`${id}\` cannot be classified: ${fault}.`);
}

/** A sequence that has a row for each time step. */
function sequenceOf(
  path: string,
  table: readonly TableRow[],
  shape: readonly number[],
  onFitted: OnFitted,
): UnlabelledArray {
  const channels = channelsOfRows(table);
  if (!Array.isArray(channels)) {
    const place = channels.line === undefined ? "" : `, line ${channels.line}`;
    throw noSequence(`\`${path}\`${place}`, `${channels.reason}; mend it`);
  }
  if (channels.length !== shape[0]) {
    const taken = `the classifier takes ${shape[0]}, a column for each and a row for each time step`;
    throw noSequence(`\`${path}\``, `it has ${channels.length} channels, ${taken}`);
  }
  return filledUp(path, `\`${path}\``, channels, shape, onFitted);
}

/** The sequence in a line of a table. */
function sequenceOfLine(
  path: string,
  { cells, line }: TableRow,
  shape: readonly number[],
  isLabelled: boolean,
  onFitted: OnFitted,
): UnlabelledArray {
  const place = `Line ${line} of \`${path}\``;
  const values = isLabelled || isName(cells[0]) ? cells.slice(1) : cells;
  const channels = channelsOfLine(values, shape[0]);
  if (typeof channels === "string") throw noSequence(place, `${channels}; mend or remove it`);
  return filledUp(`${path}:${line}`, place, channels, shape, onFitted);
}

/** A sequence as long as the classifier takes them. @throws FoveaError `example-unreadable` where it is longer */
function filledUp(
  id: string,
  place: string,
  channels: readonly Float32Array[],
  [, length]: readonly number[],
  onFitted: OnFitted,
): UnlabelledArray {
  const longest = channels.reduce((most, channel) => Math.max(most, channel.length), 0);
  if (longest < length) onFitted?.({ id, share: longest / length });
  if (longest <= length) return { id, values: padChannels(channels, length) };
  const reason = `it has ${longest} time steps, the classifier takes ${length}; cut it, or train with longer ones`;
  throw new FoveaError("example-unreadable", `${place} cannot be classified: ${reason}.`);
}

function noSequence(place: string, reason: string): FoveaError {
  return new FoveaError("example-unreadable", `${place} is no sequence: ${reason}.`);
}
