import { areNames, type TableRow } from "./series-table.ts";
import { parseChannel } from "./series-values.ts";

/** The channels of a sequence that stands in one line, one after the other and without a label; or what is wrong with it. */
export function channelsOfLine(cells: readonly string[], count: number): Float32Array[] | string {
  // A separator at the end of a line makes one empty cell more.
  const given = cells.length % count === 1 && cells.at(-1) === "" ? cells.slice(0, -1) : cells;
  const length = given.length / count;
  if (!Number.isInteger(length)) return `${given.length} values are not ${count} channels of equal lengths`;
  const channels: Float32Array[] = [];
  for (let c = 0; c < count; c++) {
    const channel = parseChannel(given.slice(c * length, (c + 1) * length));
    if (!(channel instanceof Float32Array)) {
      const value = channel.at === undefined ? "" : `value ${c * length + channel.at + 1} `;
      return `${value}${channel.reason}`;
    }
    channels.push(channel);
  }
  return channels;
}

/** The channels of a sequence that has a row for each time step, with or without a header; or what is wrong, and where. */
export function channelsOfRows(
  table: readonly TableRow[],
): Float32Array[] | { reason: string; line?: number } {
  const rows = table.length > 0 && areNames(table[0].cells) ? table.slice(1) : table;
  if (rows.length === 0) return { reason: "The file has no values" };
  const columns = rows[0].cells.length;
  const odd = rows.find(({ cells }) => cells.length !== columns);
  if (odd) {
    const reason = `The row has ${odd.cells.length} values, the first one has ${columns}`;
    return { reason, line: odd.line };
  }
  const comma = decimalCommas(rows);
  if (comma) return comma;
  const channels: Float32Array[] = [];
  for (let c = 0; c < columns; c++) {
    const channel = parseChannel(rows.map(({ cells }) => cells[c]));
    if (!(channel instanceof Float32Array)) {
      const line = channel.at === undefined ? undefined : rows[channel.at].line;
      return { reason: `Column ${c + 1}: ${line === undefined ? "" : "the value "}${channel.reason}`, line };
    }
    channels.push(channel);
  }
  return channels;
}

/**
 * What is wrong with rows that decimal commas have torn apart, so that `-0,5` is two whole numbers: two columns are one.
 * They show in zeros that no whole number begins with, in `-0`, and in a first column of zeros alone.
 */
function decimalCommas(rows: readonly TableRow[]): { reason: string; line: number } | undefined {
  const columns = rows[0].cells.length;
  if (columns % 2 !== 0) return undefined;
  const pairs = rows.flatMap(({ cells, line }) =>
    Array.from({ length: columns / 2 }, (_, i) => {
      return { line, whole: cells[2 * i], decimals: cells[2 * i + 1] };
    }),
  );
  const areWhole = pairs.every(({ whole, decimals }) => /^[+-]?\d+$/.test(whole) && /^\d+$/.test(decimals));
  if (!areWhole || pairs.some(({ whole }) => /^[+-]?0\d/.test(whole))) return undefined;
  const torn =
    pairs.find(({ whole, decimals }) => whole === "-0" || /^0\d/.test(decimals)) ??
    (pairs.every(({ whole }) => whole === "0") && pairs.find(({ decimals }) => decimals.length > 1));
  if (!torn) return undefined;
  const { whole, decimals, line } = torn;
  return {
    reason: `\`${whole},${decimals}\` has a decimal comma: write decimal points, ${whole}.${decimals}`,
    line,
  };
}
