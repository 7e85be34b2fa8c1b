import { stat } from "node:fs/promises";
import { join } from "node:path";
import { FoveaError } from "../../core/index.ts";
import type { TableRow } from "../../data/index.ts";
import type { ReadRows } from "./pair-rows.ts";

/** Of LFW's own pictures and of others' crops of them. */
const EXTENSIONS = [".jpg", ".png", ".jpeg"] as const;

/**
 * The pairs of LFW's own lists. Below a header, the numbers of folds and of pairs of each kind in a fold (`10 300`), or the
 * latter alone (`1100`), lie `name n1 n2` for two pictures of one person and `name n other m` for those of two. Picture 7 of
 * a person is `name/name_0007.jpg`.
 */
export async function readLfwRows(
  [header, ...rows]: readonly TableRow[],
  path: string,
  images: string,
): Promise<ReadRows> {
  const numbers = header.cells.map(Number);
  const [folds, perKind] = numbers.length === 2 ? numbers : [1, numbers[0]];
  const read: ReadRows = { pairs: [], errors: [] };
  const extension = await extensionOf(rows[0], images);
  const nameOf = (person: string, number: string) =>
    join(person, `${person}_${number.padStart(4, "0")}${extension}`);
  for (const [i, { line, cells }] of rows.entries()) {
    const [person, first, second, third] = cells;
    const isPair = cells.length === 3 || cells.length === 4;
    const same = cells.length === 3;
    const [other, number] = same ? [person, second] : [second, third];
    if (!isPair || !/^\d+$/.test(first) || !/^\d+$/.test(number)) {
      const sentence = `"${cells.join(" ")}" is no pair; write \`name n1 n2\` or \`name n other m\`.`;
      read.errors.push(new FoveaError("pairs-row", `${path}:${line}: ${sentence}`));
      continue;
    }
    const [a, b] = [nameOf(person, first), nameOf(other, number)];
    if (a === b) {
      const sentence = `picture ${first} of ${person} is compared with itself; name two pictures.`;
      read.errors.push(new FoveaError("pairs-same-picture", `${path}:${line}: ${sentence}`));
      continue;
    }
    const pair = { a, b, same, line };
    read.pairs.push(folds > 1 ? { ...pair, fold: 1 + Math.floor(i / (2 * perKind)) } : pair);
  }
  const promised = folds * perKind * 2;
  if (rows.length !== promised) {
    const sentence = `the header promises ${promised} pairs (${folds} × ${perKind} of each kind), but there are ${rows.length}; correct the header or get the whole file.`;
    read.errors.push(new FoveaError("pairs-row", `${path}:${header.line}: ${sentence}`));
  }
  return read;
}

/** The extension of the first pair's picture; LFW's own where there is none. */
async function extensionOf(row: TableRow | undefined, images: string): Promise<string> {
  const [person = "", number = ""] = row?.cells ?? [];
  for (const extension of EXTENSIONS) {
    const file = join(images, person, `${person}_${number.padStart(4, "0")}${extension}`);
    if (await stat(file).catch(() => undefined)) return extension;
  }
  return EXTENSIONS[0];
}
