import { basename, dirname, extname, relative } from "node:path";
import { FoveaError } from "../../core/index.ts";
import type { Xyxy } from "../../geometry/index.ts";
import { readTable, type TableRow } from "../classified/index.ts";
import type { Problem, SplitName } from "../dataset.ts";
import { readText } from "../folder.ts";
import { SPLIT_ALIASES, SPLIT_NAMES, splitOfName, splitOfWords } from "../split-names.ts";
import { columnsOf, columnsWithoutHeads, type PointColumns } from "./csv-columns.ts";
import type { PicturePoint, ReadPoints, StatedPoints } from "./dataset.ts";
import { PictureFinder, withoutExtension } from "./picture-finder.ts";

/**
 * Reads tables of points, one row a picture; several tables are the splits that words of their names say (`train_points.csv`). A row whose
 * coordinates are all empty is of a picture in which the thing is not there.
 *
 * @throws FoveaError `dataset-empty` for a table without rows, `points-columns`, `points-count`
 */
export async function readPointTables(files: readonly string[]): Promise<ReadPoints> {
  const problems: Problem[] = [];
  const samples: StatedPoints[] = [];
  const declaredSplits = new Set<SplitName>();
  let first: { columns: PointColumns; file: string } | undefined;
  const finder = await PictureFinder.read(dirname(files[0]));
  for (const file of files) {
    const { columns, rows } = openTable(file, await readText(file));
    first ??= { columns, file };
    requireSameNames(first, { columns, file });
    for (const head of columns.ignored) {
      problems.push({
        kind: "column-ignored",
        file,
        detail: `Column \`${head}\` means nothing here: ignored.`,
      });
    }
    const ofFile = files.length > 1 ? splitOfWords(basename(file, extname(file))) : undefined;
    for (const row of rows) {
      const sample = readRow(file, row, columns, finder, problems);
      if (!sample) continue;
      const split = sample.split ?? ofFile;
      if (split) declaredSplits.add(split);
      samples.push({ ...sample, split });
    }
  }
  const { names, x } = first!.columns;
  return { names, count: x.length, origin: 0.5, samples, declaredSplits, problems };
}

function openTable(file: string, text: string): { columns: PointColumns; rows: TableRow[] } {
  const rows = readTable(text);
  const [head] = rows;
  const hasHeads = head !== undefined && areHeads(head.cells.slice(1));
  const content = hasHeads ? rows.slice(1) : rows;
  if (content.length === 0) {
    throw new FoveaError(
      "dataset-empty",
      `\`${file}\` is empty: it must have a row for each picture, with the file's name and x, y of each point.`,
    );
  }
  const columns = hasHeads ? columnsOf(file, head.cells) : columnsWithoutHeads(file, head.cells.length);
  return { columns, rows: content };
}

/** Whether cells where coordinates are expected are heads: some text, and not one number. */
function areHeads(cells: readonly string[]): boolean {
  const texts = cells.filter((cell) => cell !== "" && cell.toLowerCase() !== "nan");
  return texts.length > 0 && texts.every((cell) => Number.isNaN(Number(cell)));
}

function requireSameNames(
  first: { columns: PointColumns; file: string },
  { columns, file }: { columns: PointColumns; file: string },
): void {
  const namesOf = ({ names, x }: PointColumns) => (names ?? x.map((_, i) => `${i}`)).join(", ");
  if (namesOf(first.columns) === namesOf(columns)) return;
  throw new FoveaError(
    "points-count",
    `\`${file}\` has other points (${columns.x.length}) than \`${first.file}\` (${first.columns.x.length}): tables of a data set need the same columns.`,
  );
}

function readRow(
  file: string,
  row: TableRow,
  columns: PointColumns,
  finder: PictureFinder,
  problems: Problem[],
): StatedPoints | undefined {
  const skip = (kind: Problem["kind"], what: string) => {
    problems.push({ kind, file, detail: `Line ${row.line}: ${what}: skipped.` });
    return undefined;
  };
  const { cells } = row;
  if (cells.length !== columns.width) {
    const expected = `${columns.width} are expected (${columns.x.length} points)`;
    return skip("points-count", `it has ${cells.length} cells, ${expected}`);
  }
  const name = cells[columns.file];
  const path = finder.find(name);
  if (path === undefined) return skip("picture-missing", `picture \`${name}\` is not there`);
  const numbers = (list: readonly number[]) => list.map((column) => toCoordinate(cells[column]));
  const [xs, ys] = [numbers(columns.x), numbers(columns.y)];
  const wrong = [...xs, ...ys].indexOf(undefined);
  if (wrong >= 0) {
    const cell = cells[[...columns.x, ...columns.y][wrong]];
    return skip("point-not-a-number", `"${cell}" is no coordinate`);
  }
  const saying = [columns.present, ...columns.visible];
  const said = saying.map((column) => (column === undefined ? true : toYesOrNo(cells[column])));
  const isBlank = (i: number) => columns.visible[i] !== undefined && cells[columns.visible[i]!].trim() === "";
  const unclear = said.indexOf(undefined);
  if (unclear >= 0) {
    const cell = cells[saying[unclear]!];
    return skip("annotation-unreadable", `"${cell}" is no number and neither true nor false`);
  }
  const [isPresent, ...seen] = said;
  const points = xs.map((x, i): PicturePoint | undefined => {
    const isPlaceholder = x === 0 && ys[i] === 0 && isBlank(i);
    const isLabelled = isPresent && seen[i] && !isPlaceholder && !Number.isNaN(x) && !Number.isNaN(ys[i]);
    return isLabelled ? [x!, ys[i]!] : undefined;
  });
  const group = columns.group === undefined ? undefined : cells[columns.group]?.trim() || undefined; // empty: nobody said
  const stated = columns.split === undefined ? "" : cells[columns.split].trim();
  const split = splitOfCell(stated);
  if (split === undefined && stated !== "") {
    return skip("annotation-unreadable", `split \`${stated}\` is none of ${SPLIT_WORDS}`);
  }
  const id = withoutExtension(relative(dirname(file), path))
    .replaceAll("\\", "/")
    .replace(/^images\//, "");
  const box = boxOf(cells, columns);
  if (typeof box === "string") {
    const detail = `Line ${row.line}: the box (${box}) does not have 4 numbers: left out.`;
    problems.push({ kind: "box-not-a-number", file, detail });
    return { id, path, file, points, group, split };
  }
  return { id, path, file, points, box, group, split };
}

/** The splits by number, as CelebA's list of partitions has them. */
const NUMBERED: readonly SplitName[] = ["train", "val", "test"];

const SPLIT_WORDS = `${SPLIT_NAMES.flatMap((split) => SPLIT_ALIASES[split]).join(", ")}, or 0, 1, 2 (train, val, test)`;

function splitOfCell(cell: string): SplitName | undefined {
  return /^[012]$/.test(cell) ? NUMBERED[Number(cell)] : splitOfName(cell);
}

/** NaN for an empty cell, undefined for one that is no number. */
function toCoordinate(cell: string): number | undefined {
  if (cell === "" || cell.toLowerCase() === "nan") return Number.NaN;
  const value = Number(cell);
  return Number.isFinite(value) ? value : undefined;
}

/** Whether a cell says that something is there: a number but 0, true, yes, or nothing; undefined for other words. */
function toYesOrNo(cell: string): boolean | undefined {
  const word = cell.trim().toLowerCase();
  if (["", "true", "yes", "y", "t"].includes(word)) return true;
  if (["false", "no", "n", "f"].includes(word)) return false;
  const value = toCoordinate(word);
  return value === undefined ? undefined : value !== 0;
}

/** A row's box, its cells where they are no box; undefined where they are empty. */
function boxOf(cells: readonly string[], { box }: PointColumns): Xyxy | string | undefined {
  if (!box) return undefined;
  const written = box.columns.map((column) => cells[column]);
  const numbers = written.map(toCoordinate);
  if (numbers.every((number) => Number.isNaN(number))) return undefined;
  const [a, b, c, d] = numbers.map((number) => number ?? Number.NaN);
  const corners: Xyxy = box.isSize ? [a, b, a + c, b + d] : [a, b, c, d];
  return corners.every(Number.isFinite) ? corners : written.join(", ");
}
