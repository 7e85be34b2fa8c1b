import { FoveaError } from "../../core/index.ts";

/** Where things stand in the rows of a table of points. */
export interface PointColumns {
  /** Names of the points; undefined where the table has no heads. */
  names?: string[];
  /** Number of columns. */
  width: number;
  file: number;
  /** Of each point. */
  x: number[];
  y: number[];
  /** Of each point's visibility, where the table tells it. */
  visible: (number | undefined)[];
  /** The box as corners, or as a corner and a size. */
  box?: { columns: [number, number, number, number]; isSize: boolean };
  group?: number;
  split?: number;
  present?: number;
  /** Heads that mean nothing here. */
  ignored: string[];
}

const FILE_HEADS = ["image", "file", "filename", "file_name", "path", "picture", "image_name", "image_path"];
const GROUP_HEADS = ["group", "person", "subject", "identity"];
const BOX_HEAD =
  /^(?:(?:box|bbox|rect|roi)[ _.-]?)?(x1|y1|x2|y2|left|top|right|bottom|width|height|x|y|w|h)$/;

/** What the ends of a box are called. */
const BOX_FORMS: readonly { heads: readonly string[]; isSize: boolean }[] = [
  { heads: ["x1", "y1", "x2", "y2"], isSize: false },
  { heads: ["left", "top", "right", "bottom"], isSize: false },
  { heads: ["left", "top", "width", "height"], isSize: true },
  { heads: ["x", "y", "w", "h"], isSize: true },
  { heads: ["x", "y", "width", "height"], isSize: true },
];

/** Columns of a table without heads: the file, then x and y of each point. @throws `points-count` */
export function columnsWithoutHeads(table: string, cells: number): PointColumns {
  const numbers = cells - 1;
  if (numbers < 2 || numbers % 2 !== 0) {
    throw new FoveaError(
      "points-count",
      `\`${table}\`: behind the file's name a row has ${numbers} numbers, which are no pairs x, y; name the columns in the first line.`,
    );
  }
  const count = numbers / 2;
  return {
    width: cells,
    file: 0,
    x: Array.from({ length: count }, (_, i) => 1 + 2 * i),
    y: Array.from({ length: count }, (_, i) => 2 + 2 * i),
    visible: new Array<undefined>(count).fill(undefined),
    ignored: [],
  };
}

/**
 * Columns by their heads: `left_eye_x`, `left_eye_y` and, if need be, `left_eye_v`; or `x0`, `y0`, `v0`. Besides: the
 * file (`image`, `file`, …, else the first), a box (`box_x1`, … or `left`, `top`, `width`, `height`), `group` or `person`,
 * `split`, `present`.
 *
 * @throws `points-columns` where no column has points, or one has x without y
 */
export function columnsOf(table: string, heads: readonly string[]): PointColumns {
  const lower = heads.map((head) => head.trim().toLowerCase());
  const indexOf = (names: readonly string[]) => {
    const found = lower.findIndex((head) => names.includes(head));
    return found < 0 ? undefined : found;
  };
  const file = indexOf(FILE_HEADS) ?? 0;
  const [group, split, present] = [indexOf(GROUP_HEADS), indexOf(["split", "set"]), indexOf(["present"])];
  const box = boxColumns(lower);
  const taken = new Set([file, group, split, present, ...(box?.columns ?? [])]);
  const points = new Map<string, { x?: number; y?: number; v?: number }>();
  const ignored: string[] = [];
  for (const [column, head] of heads.entries()) {
    if (taken.has(column)) continue;
    const part = partOf(head.trim());
    if (!part) ignored.push(head);
    else points.set(part.name, { ...points.get(part.name), [part.axis]: column });
  }
  const half = [...points].find(([, { x, y }]) => x === undefined || y === undefined);
  if (half || points.size === 0) {
    const what = half
      ? `point \`${half[0]}\` has no column of its ${half[1].x === undefined ? "x" : "y"}`
      : "no column has points";
    throw new FoveaError(
      "points-columns",
      `\`${table}\`: ${what}; name columns like left_eye_x and left_eye_y, or x0 and y0.`,
    );
  }
  const names = [...points.keys()];
  const entries = [...points.values()];
  return {
    ...(!names.every((name) => /^\d+$/.test(name)) && { names }),
    width: heads.length,
    file,
    x: entries.map(({ x }) => x!),
    y: entries.map(({ y }) => y!),
    visible: entries.map(({ v }) => v),
    box,
    group,
    split,
    present,
    ignored,
  };
}

/** The point and the coordinate that a head names. */
function partOf(head: string): { name: string; axis: "x" | "y" | "v" } | undefined {
  const after = /^(.+?)[ _.-](x|y|v|visible|visibility)$/i.exec(head);
  if (after) return { name: after[1], axis: after[2][0].toLowerCase() as "x" };
  const before = /^(x|y|v)[ _.-]?(\d+)$/i.exec(head) ?? /^(x|y|v)[ _.-](.+)$/i.exec(head);
  if (before) return { name: before[2], axis: before[1].toLowerCase() as "x" };
  const close = /^(.*\d)(x|y|v)$/i.exec(head);
  return close ? { name: close[1], axis: close[2].toLowerCase() as "x" } : undefined;
}

function boxColumns(lower: readonly string[]): PointColumns["box"] {
  // `x1` alone is a point's, `box_x1` a box's; `left` or `width` can only be a box's.
  const ends = lower.map((head) => {
    const end = BOX_HEAD.exec(head)?.[1];
    return end && (head !== end || end.length > 2) ? end : undefined;
  });
  for (const { heads, isSize } of BOX_FORMS) {
    const columns = heads.map((head) => ends.indexOf(head));
    if (columns.every((column) => column >= 0)) {
      return { columns: columns as [number, number, number, number], isSize };
    }
  }
  return undefined;
}
