/** A line of a table, cut into its cells. */
export interface TableRow {
  /** Number of the line in its file, from 1. */
  line: number;
  /** The cells' texts, trimmed. */
  cells: string[];
}

/** How many lines are looked at to find the separator. */
const LOOKED_AT = 10;

/** In the order in which they win: a comma may well be part of a name. */
const SEPARATORS = ["\t", ";", ","] as const;

/**
 * The rows of a table of numbers and names, without blank lines. Cells are separated by whichever of tab,
 * semicolon and comma most lines contain, or by blanks; a name in double quotes may contain a separator. There
 * is a line to an example here, so that a problem can be told by its line: no line breaks within quotes.
 */
export function readTable(text: string): TableRow[] {
  const lines = text
    .split(/\r\n|\r|\n/)
    .map((content, i) => ({ content, line: i + 1 }))
    .filter(({ content }) => content.trim() !== "");
  const separator = findSeparator(lines.slice(0, LOOKED_AT).map(({ content }) => content));
  return lines.map(({ content, line }) => ({ line, cells: splitCells(content, separator) }));
}

/** Whether cells where values are expected are the names of columns: some text, and not one number. */
export function areNames(cells: readonly string[]): boolean {
  return cells.some((cell) => !isMissing(cell)) && cells.every((cell) => cell === "" || !isNumber(cell));
}

/** What programs write where there is no value, in small letters. */
const MISSING: readonly string[] = ["", "nan", "na", "n/a", "<na>", "null"];

/** Whether a cell holds no value: it is empty, `NaN`, `NA` or `null`. */
export function isMissing(cell: string): boolean {
  return cell.length <= 4 && MISSING.includes(cell.toLowerCase());
}

function isNumber(cell: string): boolean {
  return Number.isFinite(Number(cell));
}

function findSeparator(lines: readonly string[]): string | undefined {
  const counts = SEPARATORS.map((separator) => lines.filter((line) => line.includes(separator)).length);
  const most = Math.max(...counts);
  return most > 0 ? SEPARATORS[counts.indexOf(most)] : undefined;
}

function splitCells(line: string, separator: string | undefined): string[] {
  const pieces = separator === undefined ? line.trim().split(/\s+/) : line.split(separator);
  if (!line.includes('"')) return pieces.map((piece) => piece.trim());
  const cells: string[] = [];
  let open = false;
  for (const piece of pieces) {
    if (open) cells.push(`${cells.pop()}${separator ?? " "}${piece}`);
    else cells.push(piece);
    // A cell goes on as long as the number of its quotes is odd.
    open = cells.at(-1)!.split('"').length % 2 === 0;
  }
  return cells.map((cell) => {
    const quoted = /^"(.*)"$/.exec(cell.trim());
    return quoted ? quoted[1].replaceAll('""', '"').trim() : cell.trim();
  });
}
