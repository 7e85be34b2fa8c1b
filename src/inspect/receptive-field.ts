import { FoveaError } from "../core/index.ts";
import type { Xyxy } from "../geometry/index.ts";
import { orderedNodes, type Value } from "../graph/index.ts";
import { type EvenSpans, pixelTrack, type Track, trackThrough } from "./field/index.ts";

/** What the elements of a tensor see of the picture: rows and columns apart. */
export interface ReceptiveField {
  readonly rows: Track;
  readonly columns: Track;
}

/** A receptive field in figures, along one direction, in pixels of the net's input. */
export interface FieldFigures extends EvenSpans {
  /** Whether every place sees the whole picture from end to end. */
  whole: boolean;
}

/**
 * The exact receptive fields of all tensors between a picture and some results: from which pixels each element is
 * computed, clipped at the picture's borders. Nets with many ways through are included: an element sees what any of its
 * ways shows it. An operator that looks everywhere (a global pool, a dense layer) sees all that its input saw.
 *
 * @param picture the net's input, `[N, C, H, W]`, or `[N, H, W, C]` with `channelsLast`
 * @param outputs results of the net; what they need is gone through
 * @param local leaves out what reaches all places alike: gates that weigh a map's channels by their means over the
 *   picture, and norms by them. With one of these, the exact field of all that follows is the whole picture.
 * @returns fields by tensor; those that do not depend on the picture are missing
 * @throws FoveaError `shape-unknown` where a dimension on the way is known at run time only; `rank-mismatch`
 */
export function receptiveFields(
  picture: Value,
  outputs: Iterable<Value>,
  { channelsLast = false, local = false }: { channelsLast?: boolean; local?: boolean } = {},
): Map<Value, ReceptiveField> {
  if (picture.rank !== 4) {
    throw new FoveaError(
      "rank-mismatch",
      `receptiveFields: \`${picture.name}\` (shape [${picture.shape}]) must be pictures [N, C, H, W].`,
    );
  }
  const [y, x] = channelsLast ? [1, 2] : [2, 3];
  const fields = new Map<Value, ReceptiveField>([
    [picture, { rows: pixelTrack(y, picture.dims[y]), columns: pixelTrack(x, picture.dims[x]) }],
  ]);
  for (const node of orderedNodes(outputs)) {
    const inputs = node.inputs.map((input) => input && fields.get(input));
    if (!inputs.some(Boolean)) continue;
    for (const [i, output] of node.outputs.entries()) {
      if (fields.has(output)) continue;
      const along = (direction: "rows" | "columns") =>
        trackThrough(
          node,
          inputs.map((input) => input?.[direction]),
          i,
          local,
        );
      const [rows, columns] = [along("rows"), along("columns")];
      if (rows && columns) fields.set(output, { rows, columns });
    }
  }
  return fields;
}

/**
 * The pixels that an element sees, as corners `[x1, y1, x2, y2]` (x2 and y2 just outside); undefined where it sees none.
 *
 * @param row place along the tensor's vertical axis
 * @param column place along its horizontal axis
 */
export function fieldAt({ rows, columns }: ReceptiveField, row: number, column: number): Xyxy | undefined {
  const at = ({ axis, low, high }: Track, place: number) => {
    const i = axis === undefined ? 0 : place;
    return [low[i], high[i] + 1] as const;
  };
  const [top, bottom] = at(rows, row);
  const [left, right] = at(columns, column);
  return left < right && top < bottom ? [left, top, right, bottom] : undefined;
}

/**
 * Offset, stride and size of a field along one direction: those of an endless picture where the net has them, else the
 * largest span that occurs in this one, and the mean distance.
 *
 * @param length of the picture along this direction
 */
export function fieldFigures(track: Track, length: number): FieldFigures {
  const { low, high, even } = track;
  const spans = Array.from(low, (from, i) => high[i] - from + 1);
  const whole = spans.every((span) => span >= length);
  if (even) return { ...even, whole };
  return { offset: low[0], stride: length / low.length, size: Math.max(...spans), whole };
}
