/**
 * Writes records as CSV (RFC 4180, lines ended by "\n"), one row each under a row of column names. Objects in
 * a record become columns of their own: `{ losses: { box: 1 } }` is column `losses/box`. Columns are those of
 * all records in order of appearance, values that are absent or NaN stay empty; "" without any column.
 */
export function recordsToCsv(records: readonly object[]): string {
  const rows = records.map((record) => new Map(flatten(record, "")));
  const columns = [...new Set(rows.flatMap((row) => [...row.keys()]))];
  if (columns.length === 0) return "";
  const lines = [columns, ...rows.map((row) => columns.map((column) => row.get(column)))];
  return lines.map((cells) => `${cells.map(csvCell).join(",")}\n`).join("");
}

function flatten(record: object, prefix: string): [column: string, value: unknown][] {
  return Object.entries(record).flatMap(([key, value]): [string, unknown][] =>
    typeof value === "object" && value !== null && !(value instanceof Date)
      ? flatten(value, `${prefix}${key}/`)
      : [[`${prefix}${key}`, value]],
  );
}

function csvCell(value: unknown): string {
  if (value === undefined || value === null || Number.isNaN(value)) return "";
  const text = value instanceof Date ? value.toISOString() : String(value);
  return /[",\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
