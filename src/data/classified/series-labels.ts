import { sizeOf } from "../../core/index.ts";
import { labelName } from "./label-name.ts";
import { isMissing, type TableRow } from "./series-table.ts";

/** Whether a line's first cell is a label for sure: a text. */
export function isName(cell: string): boolean {
  return !isMissing(cell) && !Number.isFinite(Number(cell));
}

/**
 * Whether the numbers at the beginnings of a table's lines are labels, by the number of cells: empty and NaN cells at
 * the ends of all lines do not count, as in training. Where the sequences are shorter than the classifier's, so that
 * the number does not tell, they are labels if all of them name classes.
 *
 * @param shape `[channels, length]` that the classifier takes
 */
export function haveLabels(
  table: readonly TableRow[],
  shape: readonly number[],
  classes: readonly string[],
): boolean {
  const rows = table.filter(({ cells }) => !isName(cells[0]));
  const [channels, size] = [shape[0], sizeOf(shape)];
  const widest = rows.reduce((most, { cells }) => Math.max(most, cells.length), 0);
  const filled = rows.reduce(
    (most, { cells }) => Math.max(most, cells.findLastIndex((cell) => !isMissing(cell)) + 1),
    0,
  );
  if (filled === size + 1) return true;
  if (widest === size && filled === size) return false;
  // Channels are as long as each other: what is left over when cells are dealt out to them is a label, or a cell that a
  // separator at the end of each line makes.
  const isClosed = filled < widest;
  const mayHave = widest % channels === 1 % channels || (isClosed && widest % channels === 2 % channels);
  const mayLack = widest % channels === 0 || (isClosed && widest % channels === 1 % channels);
  if (mayHave !== mayLack) return mayHave;
  return rows.length > 0 && rows.every(({ cells }) => classes.includes(labelName(cells[0])));
}
