import { basename, extname, resolve } from "node:path";
import { FoveaError, sizeOf } from "../../core/index.ts";
import { readText } from "../folder.ts";
import type { ClassifiedArray } from "./dataset.ts";
import { readExisting } from "./dataset-errors.ts";
import { isHeader } from "./read-series.ts";
import { readVolume, readVolumeFile } from "./read-volumes.ts";
import { readTable } from "./series-table.ts";
import { parseChannel } from "./series-values.ts";

/** An example without a label. */
export type UnlabelledArray = Pick<ClassifiedArray, "id" | "values">;

/**
 * Sequences or volumes to be classified: the lines of a table (a label before the values is passed over), one
 * `.npy`, `.nii` or `.nii.gz` volume, or those of an `.npz`.
 *
 * @param shape `[channels, …]` that the classifier takes: tells a label from a first value
 * @throws FoveaError `dataset-missing`, `dataset-unreadable`, `example-unreadable`
 */
export async function readUnlabelled(path: string, shape: readonly number[]): Promise<UnlabelledArray[]> {
  const extension = extname(path).toLowerCase();
  const file = resolve(path);
  if (extension === ".npz") return (await readVolumeFile(path)).examples;
  if (shape.length > 2) {
    const { elements } = await readVolume({ file, id: basename(path), label: "" });
    return [{ id: path, values: Float32Array.from(elements as ArrayLike<number>, Number) }];
  }
  const rows = readTable(await readExisting(file, readText));
  return rows.slice(rows.length > 0 && isHeader(rows[0]) ? 1 : 0).map(({ cells, line }) => {
    const isLabelled = cells.length === sizeOf(shape) + 1 || !Number.isFinite(Number(cells[0]));
    const values = parseChannel(isLabelled ? cells.slice(1) : cells);
    if (values instanceof Float32Array) return { id: `${path}:${line}`, values };
    throw new FoveaError(
      "example-unreadable",
      `Line ${line} of \`${path}\` is no sequence: ${values.reason}; mend or remove it.`,
    );
  });
}
