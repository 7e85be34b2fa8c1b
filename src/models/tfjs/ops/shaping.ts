import { tensor } from "../../../core/index.ts";
import {
  concat,
  depthToSpace,
  expand,
  gather,
  pad,
  padRepeating,
  Range,
  reshape,
  Slice,
  spaceToDepth,
  split,
  squeeze,
  tile,
  transpose,
  unsqueeze,
  type Value,
} from "../../../graph/index.ts";
import { TfTensor } from "../tf-tensor.ts";
import { batchGather } from "./batch-gather.ts";
import {
  alongAxes,
  axisFrom,
  type Conversion,
  type Converter,
  keptAs,
  keptValue,
  perAxis,
  unsupported,
} from "./conversion.ts";

function reshaped({ inputs: [x, shape] }: Conversion): readonly TfTensor[] {
  const wanted = shape.numbers("The shape of Reshape");
  const count = x.dims.reduce((product, dim) => product * dim, 1);
  const known = wanted.reduce((product, dim) => (dim < 0 ? product : product * dim), 1);
  const dims = wanted.map((dim) => (dim < 0 ? count / known : dim));
  return [TfTensor.plain(reshape(x.plain, dims))];
}

function transposed({ inputs: [x, order] }: Conversion): readonly TfTensor[] {
  return [TfTensor.plain(transpose(x.plain, order.numbers("The order of Transpose")))];
}

function expanded({ inputs: [x, axis] }: Conversion): readonly TfTensor[] {
  const [place] = axis.numbers("The axis of ExpandDims");
  return [TfTensor.plain(unsqueeze(x.plain, [axisFrom(place, x.rank + 1)]))];
}

function squeezed({ inputs: [x], attributes }: Conversion): readonly TfTensor[] {
  const named = attributes.integers("squeeze_dims").map((axis) => axisFrom(axis, x.rank));
  const axes = named.length > 0 ? named : x.dims.flatMap((dim, axis) => (dim === 1 ? [axis] : []));
  return [TfTensor.plain(squeeze(x.plain, axes))];
}

function joined({ inputs }: Conversion): readonly TfTensor[] {
  const [place] = inputs.at(-1)!.numbers("The axis of ConcatV2");
  const parts = inputs.slice(0, -1);
  const [x] = parts;
  const axis = axisFrom(place, x.rank);
  if (!parts.some(({ isChannelsFirst }) => isChannelsFirst)) {
    return [
      TfTensor.plain(
        concat(
          parts.map(({ plain }) => plain),
          axis,
        ),
      ),
    ];
  }
  const firsts = parts.map(({ first }) => first);
  return [TfTensor.channelsFirst(concat(firsts, [0, 2, 3, 1][axis]))];
}

function padded(conversion: Conversion): readonly TfTensor[] {
  const { op, inputs, attributes } = conversion;
  const [x, amounts, value] = inputs;
  const numbers = amounts.numbers(`The amounts of ${op}`);
  const before = perAxis(
    x,
    x.dims.map((_, axis) => numbers[2 * axis]),
  );
  const after = perAxis(
    x,
    x.dims.map((_, axis) => numbers[2 * axis + 1]),
  );
  if (op !== "MirrorPad") {
    const fill = value ? value.numbers("The value of PadV2")[0] : 0;
    return [keptAs(x, pad(keptValue(x), before, after, fill))];
  }
  const mode = attributes.text("mode").toUpperCase();
  if (mode !== "REFLECT") throw unsupported(conversion, `mode "${mode}"`);
  return [keptAs(x, padRepeating(keptValue(x), before, after, "reflect"))];
}

interface Ranges {
  starts: number[];
  ends: number[];
  axes: number[];
  steps: number[];
}

function sliced(x: Value, { starts, ends, axes, steps }: Ranges): Value {
  const lists = [starts, ends, axes, steps].map((list) => x.graph.integers(list));
  return axes.length > 0 ? x.graph.apply(Slice, [x, ...lists])[0] : x;
}

function simpleSlice({ inputs: [x, begin, size] }: Conversion): readonly TfTensor[] {
  const starts = begin.numbers("The begin of Slice");
  const sizes = size.numbers("The size of Slice");
  const ends = starts.map((start, axis) => (sizes[axis] < 0 ? x.dims[axis] : start + sizes[axis]));
  const all = x.dims.map((_, axis) => axis);
  return [
    alongAxes(x, all, (value, axes) =>
      sliced(value, { starts, ends, axes: [...axes], steps: axes.map(() => 1) }),
    ),
  ];
}

/** Far beyond any tensor: the end of a range that goes to the last element, or before the first. */
const BEYOND = 2 ** 31;

/** Ranges with steps; the masks say where a number is not meant, where an axis is dropped, or made. */
function stridedSlice(conversion: Conversion): readonly TfTensor[] {
  const { inputs, attributes } = conversion;
  const [x, ...lists] = inputs;
  const [begin, end, strides] = lists.map((list) => list.numbers("A range of StridedSlice"));
  const mask = (name: string) => attributes.integer(name);
  const has = (bits: number, i: number) => (bits & (1 << i)) !== 0;
  if (mask("ellipsis_mask") !== 0) throw unsupported(conversion, "an ellipsis");
  const ranges: Ranges = { starts: [], ends: [], axes: [], steps: [] };
  const [dropped, made]: [number[], number[]] = [[], []];
  let axis = 0;
  for (const [i, start] of begin.entries()) {
    if (has(mask("new_axis_mask"), i)) {
      made.push(axis + made.length - dropped.length);
      continue;
    }
    const step = strides[i];
    const isSingle = has(mask("shrink_axis_mask"), i);
    const isAll = has(mask("begin_mask"), i) && has(mask("end_mask"), i) && step === 1;
    if (isSingle || !isAll) {
      const first = has(mask("begin_mask"), i) && !isSingle ? (step > 0 ? 0 : BEYOND) : start;
      const last = has(mask("end_mask"), i) ? (step > 0 ? BEYOND : -BEYOND) : end[i];
      ranges.starts.push(first);
      ranges.ends.push(isSingle ? (first === -1 ? BEYOND : first + 1) : last);
      ranges.axes.push(axis);
      ranges.steps.push(isSingle ? 1 : step);
    }
    if (isSingle) dropped.push(axis);
    axis++;
  }
  const part = alongAxes(x, ranges.axes, (value, axes) => sliced(value, { ...ranges, axes: [...axes] }));
  if (dropped.length + made.length === 0) return [part];
  const kept = dropped.length > 0 ? squeeze(part.plain, dropped) : part.plain;
  return [TfTensor.plain(made.length > 0 ? unsqueeze(kept, made) : kept)];
}

function packed({ inputs, attributes }: Conversion): readonly TfTensor[] {
  const axis = axisFrom(attributes.integer("axis"), inputs[0].rank + 1);
  const parts = inputs.map(({ plain }) => unsqueeze(plain, [axis]));
  return [TfTensor.plain(concat(parts, axis))];
}

function unpacked({ inputs: [x], attributes }: Conversion): readonly TfTensor[] {
  const axis = axisFrom(attributes.integer("axis"), x.rank);
  const ones = Array<number>(x.dims[axis]).fill(1);
  return split(x.plain, axis, ones).map((part) => TfTensor.plain(squeeze(part, [axis])));
}

/** Pieces of equal length, or of those that are named. */
function parts(x: TfTensor, place: number, lengths: readonly number[]): readonly TfTensor[] {
  const axis = axisFrom(place, x.rank);
  const [at] = x.isChannelsFirst ? [[0, 2, 3, 1][axis]] : [axis];
  return split(keptValue(x), at, lengths).map((part) => keptAs(x, part));
}

function splitEqually({ inputs: [axis, x], attributes }: Conversion): readonly TfTensor[] {
  const [place] = axis.numbers("The axis of Split");
  const count = attributes.integer("num_split", 1);
  const length = x.dims[axisFrom(place, x.rank)] / count;
  return parts(x, place, Array<number>(count).fill(length));
}

function splitByLengths({ inputs: [x, lengths, axis] }: Conversion): readonly TfTensor[] {
  const [place] = axis.numbers("The axis of SplitV");
  const given = lengths.numbers("The lengths of SplitV");
  const rest = x.dims[axisFrom(place, x.rank)] - given.reduce((sum, length) => sum + Math.max(0, length), 0);
  return parts(
    x,
    place,
    given.map((length) => (length < 0 ? rest : length)),
  );
}

function tiled({ inputs: [x, repeats] }: Conversion): readonly TfTensor[] {
  return [keptAs(x, tile(keptValue(x), perAxis(x, repeats.numbers("The repeats of Tile"))))];
}

function filled({ inputs: [shape, value] }: Conversion): readonly TfTensor[] {
  return [TfTensor.plain(expand(value.plain, shape.numbers("The shape of Fill")))];
}

function broadcast({ inputs: [x, shape] }: Conversion): readonly TfTensor[] {
  return [TfTensor.plain(expand(x.plain, shape.numbers("The shape of BroadcastTo")))];
}

function gathered(conversion: Conversion): readonly TfTensor[] {
  const { inputs, attributes } = conversion;
  const [x, indices] = inputs;
  const [named] = inputs[2] ? inputs[2].numbers("The axis of GatherV2") : [0];
  const place = axisFrom(named, x.rank);
  const batch = axisFrom(attributes.integer("batch_dims"), indices.rank);
  if (batch === 0) return [TfTensor.plain(gather(x.plain, indices.plain, place))];
  const isBatch = batch <= place && x.dims.slice(0, batch).every((dim, axis) => dim === indices.dims[axis]);
  if (!isBatch) throw unsupported(conversion, `batch_dims ${batch} for [${x.dims}] at [${indices.dims}]`);
  return [TfTensor.plain(batchGather(x.plain, indices.plain, place, batch))];
}

function shapeOf({ graph, inputs: [x], name }: Conversion): readonly TfTensor[] {
  return [TfTensor.constant(graph, name, tensor([...x.dims], [x.rank], "int64"))];
}

function range({ graph, inputs }: Conversion): readonly TfTensor[] {
  return [
    TfTensor.plain(
      graph.apply(
        Range,
        inputs.map(({ plain }) => plain),
      )[0],
    ),
  ];
}

/** What moves elements without changing them. */
export const shaping: Readonly<Record<string, Converter>> = {
  Reshape: reshaped,
  Transpose: transposed,
  ExpandDims: expanded,
  Squeeze: squeezed,
  ConcatV2: joined,
  Pad: padded,
  PadV2: padded,
  MirrorPad: padded,
  Slice: simpleSlice,
  StridedSlice: stridedSlice,
  Pack: packed,
  Unpack: unpacked,
  Split: splitEqually,
  SplitV: splitByLengths,
  Tile: tiled,
  Fill: filled,
  BroadcastTo: broadcast,
  GatherV2: gathered,
  Gather: gathered,
  Shape: shapeOf,
  Range: range,
  DepthToSpace: ({ inputs: [x], attributes }) => [
    TfTensor.channelsFirst(depthToSpace(x.first, attributes.integer("block_size"))),
  ],
  SpaceToDepth: ({ inputs: [x], attributes }) => [
    TfTensor.channelsFirst(spaceToDepth(x.first, attributes.integer("block_size"))),
  ],
};
