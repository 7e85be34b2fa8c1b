import { basename, extname, resolve } from "node:path";
import { FoveaError, sizeOf } from "../../core/index.ts";
import { readText } from "../folder.ts";
import type { ClassifiedArray } from "./dataset.ts";
import { empty, readExisting } from "./dataset-errors.ts";
import { isHeader } from "./read-series.ts";
import { readUnlabelledVolumes, readVolume } from "./read-volumes.ts";
import { isMissing, readTable } from "./series-table.ts";
import { parseChannel } from "./series-values.ts";
import { faultOf, formatShape } from "./volume.ts";

/** An example without a label. */
export type UnlabelledArray = Pick<ClassifiedArray, "id" | "values">;

/**
 * Sequences or volumes to be classified: the lines of a table (a label before the values is passed over), one
 * `.npy`, `.nii` or `.nii.gz` volume, or those of an `.npz`, which needs no labels.
 *
 * @param shape `[channels, …]` that the classifier takes: tells a label from a first value
 * @throws FoveaError `dataset-missing`, `dataset-unreadable`, `dataset-empty`, `example-unreadable`
 */
export async function readUnlabelled(path: string, shape: readonly number[]): Promise<UnlabelledArray[]> {
  if (extname(path).toLowerCase() === ".npz") {
    const { shape: found, volumes } = await readUnlabelledVolumes(path);
    if (volumes.length === 0) throw empty(path, "save the volumes to classify in it.", []);
    return volumes.map((values, i) => checkVolume({ id: `${basename(path)}:${i}`, values }, found, shape));
  }
  if (shape.length > 2) {
    const { shape: found, elements } = await readVolume({ file: resolve(path), id: path });
    const values = Float32Array.from(elements as ArrayLike<number>, Number);
    return [checkVolume({ id: path, values }, found, shape)];
  }
  return readSequences(path, sizeOf(shape));
}

function checkVolume(
  volume: UnlabelledArray,
  found: readonly number[],
  shape: readonly number[],
): UnlabelledArray {
  const isOther = formatShape(found) !== formatShape(shape);
  const fault = isOther
    ? `its shape is ${formatShape(found)}, the classifier takes ${formatShape(shape)}`
    : faultOf(volume.values);
  if (fault === undefined) return volume;
  throw new FoveaError("example-unreadable", `\`${volume.id}\` cannot be classified: ${fault}.`);
}

/** The lines of a table; those of `size` values, and one more, have a label. */
async function readSequences(path: string, size: number): Promise<UnlabelledArray[]> {
  const table = readTable(await readExisting(resolve(path), readText));
  // A separator at the end of each line makes one empty cell more.
  const isClosed = table.every(({ cells }) => cells.length > 1 && cells.at(-1) === "");
  const rows = isClosed ? table.map(({ cells, line }) => ({ line, cells: cells.slice(0, -1) })) : table;
  const sequences = rows.slice(rows.length > 0 && isHeader(rows[0]) ? 1 : 0);
  if (sequences.length === 0) throw empty(path, "each line must hold the values of a sequence.", []);
  return sequences.map(({ cells, line }) => {
    const isName = !isMissing(cells[0]) && !Number.isFinite(Number(cells[0]));
    const isLabelled = isName || cells.length === size + 1;
    const values = parseChannel(isLabelled ? cells.slice(1) : cells);
    if (values instanceof Float32Array) return { id: `${path}:${line}`, values };
    const place = values.at === undefined ? "" : `value ${values.at + 1} `;
    throw new FoveaError(
      "example-unreadable",
      `Line ${line} of \`${path}\` is no sequence: ${place}${values.reason}; mend or remove it.`,
    );
  });
}
