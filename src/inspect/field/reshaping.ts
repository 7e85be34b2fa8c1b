import { sizeOf } from "../../core/index.ts";
import type { Node } from "../../graph/index.ts";
import { collapse, moved, regroup, type Track } from "./track.ts";

/** What a reshaped tensor sees: the axis may stay, be joined with its neighbours, or be cut into several. */
export function throughReshape({ inputs: [x], outputs: [y] }: Node, track: Track): Track {
  if (track.axis === undefined) return track;
  const group = groupOf(x!.dims, y.dims, track.axis);
  if (!group) return collapse(track);
  const { from, to } = group;
  const behind = sizeOf(x!.dims.slice(track.axis + 1, from.end));
  const size = x!.dims[track.axis];
  const spanOf = (flat: number) => Math.floor(flat / behind) % size;
  const dims = y.dims.slice(to.start, to.end);
  const total = sizeOf(dims);
  for (const [i, dim] of dims.entries()) {
    const after = sizeOf(dims.slice(i + 1));
    const coordinate = (flat: number) => Math.floor(flat / after) % dim;
    if (!isDecidedBy(track, total, spanOf, coordinate, dim)) continue;
    if (dim === size) return moved(track, to.start + i);
    return regroup(track, to.start + i, dim, (place) => [spanOf(place * after)]);
  }
  return collapse(track);
}

interface Stretch {
  start: number;
  end: number;
}

/** The shortest runs of old and new axes around an axis that hold the same elements. */
function groupOf(
  before: readonly number[],
  after: readonly number[],
  axis: number,
): { from: Stretch; to: Stretch } | undefined {
  const from = { start: 0, end: 0 };
  const to = { start: 0, end: 0 };
  while (from.end < before.length && to.end < after.length) {
    [from.start, to.start] = [from.end, to.end];
    let [left, right] = [before[from.end++], after[to.end++]];
    while (left !== right) {
      if (left < right && from.end < before.length) left *= before[from.end++];
      else if (left > right && to.end < after.length) right *= after[to.end++];
      else return undefined;
    }
    if (axis < from.end) return axis >= from.start ? { from, to } : undefined;
  }
  return undefined;
}

/** Whether elements with the same coordinate see the same. */
function isDecidedBy(
  { low, high }: Track,
  total: number,
  spanOf: (flat: number) => number,
  coordinate: (flat: number) => number,
  dim: number,
): boolean {
  const first = new Int32Array(dim).fill(-1);
  for (let flat = 0; flat < total; flat++) {
    const [place, span] = [coordinate(flat), spanOf(flat)];
    const known = first[place];
    if (known < 0) first[place] = span;
    else if (low[known] !== low[span] || high[known] !== high[span]) return false;
  }
  return true;
}
