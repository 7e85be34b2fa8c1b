import { formatColumn } from "./format-number.ts";

/** What stands in a table; undefined leaves a cell empty. */
export type TableCell = string | number | undefined;

/** A table's text by column. */
export interface TableColumn {
  name: string;
  cells: string[];
  /** Whether it holds numbers, which are read from the right. */
  numeric: boolean;
}

/** The text of a table, numbers of a column with as many decimals each. Short rows end in empty cells. */
export function formatTable(
  columns: readonly string[],
  rows: readonly (readonly TableCell[])[],
): TableColumn[] {
  return columns.map((name, i) => {
    const values = rows.map((row) => row[i]);
    const numbers = formatColumn(values.filter((value) => typeof value === "number"));
    let next = 0;
    const cells = values.map((value) => (typeof value === "number" ? numbers[next++] : (value ?? "")));
    return { name, cells, numeric: numbers.length > 0 };
  });
}
