import { sizeOf } from "../../core/index.ts";
import { labelName } from "./label-name.ts";
import { isMissing, type TableRow } from "./series-table.ts";

/** Whether a line's first cell is a label for sure: a text. */
export function isName(cell: string): boolean {
  return !isMissing(cell) && !Number.isFinite(Number(cell));
}

/**
 * Whether the numbers at the beginnings of a table's lines are labels, by the number of cells: empty cells, NaN and the like at
 * the ends of all lines do not count, as in training. Where the sequences are shorter than the classifier's, so that
 * the number does not tell, they are labels if all of them name classes. Lines that are too long, or have nothing in
 * their first cell, say nothing of the others.
 *
 * @param shape `[channels, length]` that the classifier takes
 */
export function haveLabels(
  table: readonly TableRow[],
  shape: readonly number[],
  classes: readonly string[],
): boolean {
  const all = table.filter(({ cells }) => !isName(cells[0]));
  const [channels, size] = [shape[0], sizeOf(shape)];
  const fitting = all.filter(({ cells }) => filledCells(cells) <= size + 1);
  const rows = fitting.length > 0 ? fitting : all;
  const widest = rows.reduce((most, { cells }) => Math.max(most, cells.length), 0);
  const filled = rows.reduce((most, { cells }) => Math.max(most, filledCells(cells)), 0);
  if (filled === size + 1) return true;
  if (widest === size && filled === size) return false;
  // Channels are as long as each other: what is left over when cells are dealt out to them is a label, or a cell that a
  // separator at the end of each line makes.
  const isClosed = filled < widest;
  const mayHave = widest % channels === 1 % channels || (isClosed && widest % channels === 2 % channels);
  const mayLack = widest % channels === 0 || (isClosed && widest % channels === 1 % channels);
  if (mayHave !== mayLack) return mayHave;
  const firsts = rows.map(({ cells }) => cells[0]).filter((cell) => !isMissing(cell));
  return firsts.length > 0 && firsts.every((cell) => classes.includes(labelName(cell)));
}

/** The number of a line's cells without the empty and NaN ones at its end. */
function filledCells(cells: readonly string[]): number {
  return cells.findLastIndex((cell) => !isMissing(cell)) + 1;
}
