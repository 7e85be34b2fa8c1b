import { FoveaError } from "../../core/index.ts";
import type { TableRow } from "../../data/index.ts";
import type { FacePair } from "./read-pairs.ts";

/** Rows that could be read, and what is wrong with the others. */
export interface ReadRows {
  pairs: FacePair[];
  errors: FoveaError[];
}

const SAME: readonly string[] = ["1", "true", "yes", "same"];
const DIFFERENT: readonly string[] = ["0", "false", "no", "different"];

/**
 * The pairs of a table with a header.
 * @throws FoveaError `pairs-format` where the header lacks a column
 */
export function readPairRows([header, ...rows]: readonly TableRow[], path: string): ReadRows {
  const names = header.cells.map((cell) => cell.toLowerCase());
  const columns = ["image_a", "image_b", "same"].map((name) => names.indexOf(name));
  if (columns.includes(-1)) {
    throw new FoveaError(
      "pairs-format",
      `${path}:${header.line}: the first line must be the header image_a,image_b,same (and fold, if you like), but it is "${header.cells.join(",")}".`,
    );
  }
  const fold = names.indexOf("fold");
  const read: ReadRows = { pairs: [], errors: [] };
  for (const { line, cells } of rows) {
    const [a = "", b = "", same = ""] = columns.map((column) => cells[column]);
    const pair = pairOf({
      a,
      b,
      same: same.toLowerCase(),
      fold: fold < 0 ? undefined : (cells[fold] ?? ""),
      line,
    });
    if (typeof pair !== "string") read.pairs.push(pair);
    else
      read.errors.push(
        new FoveaError(a === b && a ? "pairs-same-picture" : "pairs-row", `${path}:${line}: ${pair}`),
      );
  }
  return read;
}

interface PairCells {
  a: string;
  b: string;
  same: string;
  fold?: string;
  line: number;
}

/** The pair, or what is wrong with it. */
function pairOf({ a, b, same, fold, line }: PairCells): FacePair | string {
  if (a === "" || b === "") return "a pair needs two pictures; fill in image_a and image_b.";
  if (a === b) return `${a} is compared with itself; name two pictures.`;
  if (!SAME.includes(same) && !DIFFERENT.includes(same)) {
    return `\`same\` is "${same}"; write 1 for one person and 0 for two.`;
  }
  const pair: FacePair = { a, b, same: SAME.includes(same), line };
  if (fold === undefined) return pair;
  if (!/^\d+$/.test(fold))
    return `\`fold\` is "${fold}"; write a whole number in every row, or leave the column out.`;
  return { ...pair, fold: Number(fold) };
}
