import { isMissing } from "./series-table.ts";

/** Why cells are no channel of a sequence. */
export interface ChannelFault {
  /** Place of the offending cell, from 0; undefined if there is none at all. */
  at?: number;
  /** End of a sentence, with the offending text. */
  reason: string;
}

/** A number with a comma before its decimals; where cells are separated by commas there is none. */
const DECIMAL_COMMA = /^[+-]?\d+,\d+(e[+-]?\d+)?$/i;

/**
 * The values of one channel, up to the last that is there: empty cells, `NaN`, `NA` and `null` at the end mean that the
 * sequence ended earlier, anywhere else they are a fault.
 */
export function parseChannel(cells: readonly string[]): Float32Array | ChannelFault {
  const length = cells.findLastIndex((cell) => !isMissing(cell)) + 1;
  if (length === 0) return { reason: "there are no values" };
  const values = new Float32Array(length);
  for (let at = 0; at < length; at++) {
    const cell = cells[at];
    if (isMissing(cell)) return { at, reason: "is missing, though later ones are there" };
    values[at] = Number(cell);
    if (!Number.isFinite(values[at])) return { at, reason: faultOfNumber(cell) };
  }
  return values;
}

function faultOfNumber(cell: string): string {
  if (!DECIMAL_COMMA.test(cell)) return `\`${cell}\` is not a finite 32-bit number`;
  return `\`${cell}\` has a decimal comma: write decimal points, ${cell.replace(",", ".")}`;
}
