import { toNumbers } from "../../core/index.ts";
import { type AxisResize, type Node, resizeMatrix, type Value } from "../../graph/index.ts";
import { collapse, type EvenSpans, merge, moved, regroup, type Track } from "./track.ts";

/** A slice sees what the elements it takes saw. */
export function throughSlice({ inputs, outputs: [y] }: Node, track: Track): Track {
  const [x, starts, , axes, steps] = inputs;
  const places = known(starts);
  if (track.axis === undefined) return track;
  if (!places) return collapse(track);
  const along = axes ? known(axes)?.map((axis) => positive(axis, x!.rank)) : places.map((_, i) => i);
  if (!along || (steps && !known(steps))) return collapse(track);
  const at = along.indexOf(track.axis);
  if (at < 0) return track;
  const size = x!.dims[track.axis];
  const step = (steps && known(steps)![at]) ?? 1;
  const from = places[at] < 0 ? places[at] + size : places[at];
  const start = Math.min(Math.max(from, 0), step > 0 ? size : size - 1);
  return regroup(
    track,
    track.axis,
    y.dims[track.axis],
    (place) => [start + place * step],
    spaced(track.even, start, step),
  );
}

/** One of the pieces that a tensor is cut into. */
export function throughSplit(
  { inputs: [x], outputs, attributes }: Node,
  track: Track,
  output: number,
): Track {
  const axis = positive((attributes.axis as number | undefined) ?? 0, x!.rank);
  if (axis !== track.axis) return track;
  const start = outputs.slice(0, output).reduce((sum, before) => sum + before.dims[axis], 0);
  const count = outputs[output].dims[axis];
  return regroup(track, axis, count, (place) => [start + place], spaced(track.even, start, 1));
}

/** Picked slices, where it is known which. */
export function throughGather({ inputs: [x, indices], attributes }: Node, track: Track): Track {
  if (track.axis === undefined) return track;
  const axis = positive((attributes.axis as number | undefined) ?? 0, x!.rank);
  if (track.axis < axis) return track;
  const shift = indices!.rank - 1;
  if (track.axis > axis) return moved(track, track.axis + shift);
  const picked = known(indices);
  if (!picked || indices!.rank > 1) return collapse(track);
  const size = x!.dims[axis];
  if (indices!.rank === 0) return regroup(track, undefined, 1, () => [positive(picked[0], size)]);
  return regroup(track, axis, picked.length, (place) => [positive(picked[place], size)]);
}

/** Padding sees nothing, unless it repeats what is there. */
export function throughPad({ inputs, outputs: [y], attributes }: Node, track: Track): Track {
  const [x, pads, , axes] = inputs;
  if (track.axis === undefined) return track;
  const amounts = known(pads);
  const along = axes ? known(axes)?.map((axis) => positive(axis, x!.rank)) : x!.shape.map((_, i) => i);
  if (!amounts || !along) return collapse(track);
  const at = along.indexOf(track.axis);
  if (at < 0) return track;
  const [begin, size] = [amounts[at], x!.dims[track.axis]];
  const even = spaced(track.even, -begin, 1);
  const source = (place: number) => repeated(place - begin, size, attributes.mode as string | undefined);
  return regroup(track, track.axis, y.dims[track.axis], (place) => [source(place)], even);
}

function repeated(place: number, size: number, mode = "constant"): number {
  if (mode === "constant" || (place >= 0 && place < size)) return place;
  if (mode === "edge") return Math.min(Math.max(place, 0), size - 1);
  if (mode === "wrap") return ((place % size) + size) % size;
  const period = Math.max(1, 2 * (size - 1));
  const folded = ((place % period) + period) % period;
  return folded < size ? folded : period - folded;
}

/** The elements that an interpolation weighs. */
export function throughResize({ inputs, outputs: [y], attributes }: Node, track: Track): Track {
  const [x, , scales] = inputs;
  if (track.axis === undefined) return track;
  const [from, to] = [x!.dims[track.axis], y.dims[track.axis]];
  if (attributes.coordinate_transformation_mode === "tf_crop_and_resize") return collapse(track);
  const given = scales && known(scales);
  const along = (attributes.axes as readonly number[] | undefined) ?? x!.shape.map((_, i) => i);
  const at = along.map((axis) => positive(axis, x!.rank)).indexOf(track.axis);
  const scale = given?.length ? (given[at] ?? 1) : to / from;
  const resize: AxisResize = { from, to, scale };
  if (from === to && scale === 1) return track;
  const { data } = resizeMatrix(resize, attributes);
  return regroup(track, track.axis, to, function* (place) {
    for (let source = 0; source < from; source++) if (data[place * from + source] !== 0) yield source;
  });
}

/** Tensors end to end. */
export function throughConcat(
  { inputs, outputs: [y], attributes }: Node,
  tracks: readonly (Track | undefined)[],
): Track | undefined {
  const axis = positive(attributes.axis as number, y.rank);
  const present = tracks.filter((track) => track !== undefined);
  if (!present.some((track) => track.axis === axis)) return merge(present);
  const low: number[] = [];
  const high: number[] = [];
  for (const [i, input] of inputs.entries()) {
    const track = tracks[i];
    for (let place = 0; place < input!.dims[axis]; place++) {
      const at = track?.axis === axis ? place : 0;
      low.push(track ? track.low[at] : 1);
      high.push(track ? track.high[at] : 0);
    }
  }
  return { axis, low: Int32Array.from(low), high: Int32Array.from(high), even: undefined };
}

/** The elements of a constant, or of what follows from constants. */
function known(value: Value | undefined): number[] | undefined {
  return value?.constant && toNumbers(value.constant);
}

function positive(axis: number, rank: number): number {
  return axis < 0 ? axis + rank : axis;
}

function spaced(even: EvenSpans | undefined, start: number, step: number): EvenSpans | undefined {
  if (!even || step < 1) return undefined;
  return { offset: even.offset + start * even.stride, stride: even.stride * step, size: even.size };
}
