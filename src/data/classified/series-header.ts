import { areNames, isMissing, type TableRow } from "./series-table.ts";

/** What headers call the column of labels, in small letters. */
const LABEL_HEADERS: readonly string[] = ["label", "labels", "class", "target", "y"];

/** What headers call a column that numbers the rows; pandas gives it no name, and reads it as `Unnamed: 0`. */
const INDEX_HEADER = /^(unnamed: \d+|index|id)?$/i;

/** So many numbers of time steps in a row are no values where a text stands before them that no other line has. */
const SURE_COUNT = 8;

/** The lines of a table that hold sequences. */
export interface TableBody {
  rows: TableRow[];
  /** The header, if there is one. */
  header?: TableRow;
  /** Whether the first column numbered the rows; it is taken away. */
  hadIndex: boolean;
}

/** A table without its header, and without a column before the labels that numbers the rows. */
export function bodyOf(table: readonly TableRow[]): TableBody {
  const [first, ...rows] = table;
  if (first === undefined) return { rows: [], hadIndex: false };
  if (isIndexed(first.cells)) {
    const withoutIndex = ({ cells, line }: TableRow) => {
      return { cells: cells.length > 1 ? cells.slice(1) : [""], line };
    };
    return { rows: rows.map(withoutIndex), header: withoutIndex(first), hadIndex: true };
  }
  const isLabel = rows.some(({ cells }) => cells[0] === first.cells[0]);
  if (isHeader(first.cells, isLabel)) return { rows, header: first, hadIndex: false };
  return { rows: [first, ...rows], hadIndex: false };
}

/** Whether a header says that the labels stand in the last column, and not in the first. */
export function namesLabelLast({ cells }: TableRow): boolean {
  return isLabelHeader(cells.at(-1)!) && !isLabelHeader(cells[0]);
}

/**
 * Whether cells name columns: no number behind the first, or none but the numbers of the time steps.
 *
 * @param isLabel whether other lines begin with the same cell
 */
function isHeader([first, ...values]: readonly string[], isLabel: boolean): boolean {
  if (areNames(values)) return true;
  const isSure = !isLabel && isText(first) && values.length >= SURE_COUNT;
  return countUp(values) && (isLabelHeader(first) || isSure);
}

/** Whether cells are a header whose first column numbers the rows: a label's name follows it. */
function isIndexed([first, ...others]: readonly string[]): boolean {
  if (others.length === 0 || !INDEX_HEADER.test(first) || !isHeader(others, false)) return false;
  const [second, ...values] = others;
  return isLabelHeader(second) || (first === "" && second !== "" && countUp(values));
}

function isLabelHeader(cell: string): boolean {
  return LABEL_HEADERS.includes(cell.toLowerCase());
}

/** Whether a cell is none of the numbers that labels may be; it may be empty. */
function isText(cell: string): boolean {
  return isMissing(cell) || !Number.isFinite(Number(cell));
}

/** Whether cells are the numbers of time steps, from 0 or 1. */
function countUp(cells: readonly string[]): boolean {
  const start = Number(cells[0]);
  return (start === 0 || start === 1) && cells.every((cell, i) => cell === `${start + i}`);
}
