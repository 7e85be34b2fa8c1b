import type { Node, Operator } from "../../graph/index.ts";
import * as ops from "../../graph/index.ts";
import {
  throughConcat,
  throughGather,
  throughPad,
  throughResize,
  throughSlice,
  throughSplit,
} from "./picking.ts";
import { throughReshape } from "./reshaping.ts";
import { collapse, merge, moved, regroup, type Track } from "./track.ts";
import { throughTransposedWindow, throughWindow } from "./windows.ts";

/**
 * What an output of a node sees in one direction of the picture, from what its inputs see; undefined for what does not
 * depend on the picture.
 */
type Rule = (
  node: Node,
  tracks: readonly (Track | undefined)[],
  output: number,
  local: boolean,
) => Track | undefined;

/** A rule of operators whose first input alone comes from the picture; what others bring reaches everywhere. */
function first(through: (node: Node, track: Track, output: number) => Track): Rule {
  return (node, [track, ...others], output) => {
    const own = track && through(node, track, output);
    return merge(
      [own, ...others.map((other) => other && collapse(other))].filter((each) => each !== undefined),
    );
  };
}

const rules: ReadonlyMap<Operator, Rule> = new Map<Operator, Rule>([
  ...[ops.Conv, ops.MaxPool, ops.AveragePool].map((operator) => [operator, first(throughWindow)] as const),
  [ops.ConvTranspose, first(throughTransposedWindow)],
  [ops.Slice, first(throughSlice)],
  [ops.Split, first(throughSplit)],
  [ops.Gather, first(throughGather)],
  [ops.Pad, first(throughPad)],
  [ops.Resize, first(throughResize)],
  [ops.Concat, throughConcat],
  ...[ops.Reshape, ops.Flatten, ops.Squeeze, ops.Unsqueeze].map(
    (operator) => [operator, first(throughReshape)] as const,
  ),
  [ops.Transpose, first(throughTranspose)],
  [ops.SpaceToDepth, first(throughSpaceToDepth)],
  [ops.DepthToSpace, first(throughDepthToSpace)],
  [ops.Tile, first(throughTile)],
  [ops.MatMul, throughMatMul],
  [ops.Gemm, throughGemm],
  ...[ops.Softmax, ops.LogSoftmax].map((operator) => [operator, first(alongAxis(-1))] as const),
  [ops.LayerNormalization, first(throughLayerNorm)],
  [ops.InstanceNormalization, (_, [track], __, local) => (local || !track ? track : collapse(track))],
  ...[ops.GlobalAveragePool, ops.GlobalMaxPool].map(
    (operator) =>
      [
        operator,
        first((_, track) => (track.axis !== undefined && track.axis < 2 ? track : collapse(track))),
      ] as const,
  ),
  ...[
    ops.BatchNormalization,
    ops.Cast,
    ops.Identity,
    ops.PRelu,
    ops.Clip,
    ops.LRN,
    ops.Expand,
    ops.Where,
  ].map((operator) => [operator, throughElements] as const),
  ...Object.values(ops)
    .filter((each): each is Operator => typeof each === "object" && "opType" in each)
    .filter(({ opType }) => opType.startsWith("Reduce"))
    .map((operator) => [operator, first(throughReduction)] as const),
]);

/**
 * What output `output` of a node sees; what no rule knows is taken to look at everything that any input saw.
 *
 * @param local whether what holds for all places alike (a gate, a norm over the picture) is left out
 */
export function trackThrough(
  node: Node,
  tracks: readonly (Track | undefined)[],
  output: number,
  local: boolean,
): Track | undefined {
  if (tracks.every((track) => track === undefined)) return undefined;
  const rule = rules.get(node.operator);
  if (rule) return rule(node, tracks, output, local);
  if (node.operator.elementwise || isPointwise(node)) return throughElements(node, tracks, output, local);
  return merge(tracks.filter((track) => track !== undefined).map(collapse));
}

/** Operators of one tensor and some numbers that keep its shape work on each element, as all activations do. */
function isPointwise({ inputs, outputs, operator }: Node): boolean {
  const [x, ...others] = inputs;
  const same = outputs.length === 1 && `${x?.shape}` === `${outputs[0].shape}`;
  return (
    same &&
    operator.gradient !== undefined &&
    others.every((other) => !other || other.constant?.data.length === 1)
  );
}

/** Element by element, shapes aligned from the right. */
function throughElements(
  { inputs, outputs: [y] }: Node,
  tracks: readonly (Track | undefined)[],
  _: number,
  local: boolean,
): Track | undefined {
  const aligned = tracks.flatMap((track, i) => {
    if (!track) return [];
    if (track.axis === undefined) return [track];
    const axis = track.axis + y.rank - inputs[i]!.rank;
    const count = y.dims[axis];
    const stretched = track.low.length === 1 && count > 1;
    return stretched ? [collapse(track)] : [moved(track, axis)];
  });
  const placed = aligned.filter(({ axis }) => axis !== undefined);
  return merge(local && placed.length > 0 ? placed : aligned);
}

function throughTranspose({ inputs: [x], attributes }: Node, track: Track): Track {
  if (track.axis === undefined) return track;
  const order = attributes.perm as readonly number[] | undefined;
  return moved(track, order ? order.indexOf(track.axis) : x!.rank - 1 - track.axis);
}

function throughSpaceToDepth({ outputs: [y], attributes }: Node, track: Track): Track {
  if (track.axis === undefined || track.axis < 2) return track.axis === 1 ? collapse(track) : track;
  const block = attributes.blocksize as number;
  const inner = Array.from({ length: block }, (_, i) => i);
  // Each of the new channels sees one of a block's places; what all of them see is said of all.
  return regroup(track, track.axis, y.dims[track.axis], (place) => inner.map((i) => place * block + i));
}

function throughDepthToSpace({ outputs: [y], attributes }: Node, track: Track): Track {
  if (track.axis === undefined || track.axis < 2) return track.axis === 1 ? collapse(track) : track;
  const block = attributes.blocksize as number;
  return regroup(track, track.axis, y.dims[track.axis], (place) => [Math.floor(place / block)]);
}

function throughTile({ inputs: [x], outputs: [y] }: Node, track: Track): Track {
  if (track.axis === undefined) return track;
  const size = x!.dims[track.axis];
  return regroup(track, track.axis, y.dims[track.axis], (place) => [place % size]);
}

/** Rows of the first factor stay apart, and columns of the second. */
function throughMatMul(
  { inputs, outputs: [y] }: Node,
  tracks: readonly (Track | undefined)[],
): Track | undefined {
  return merge(
    tracks.flatMap((track, i) => {
      if (!track || track.axis === undefined) return track ?? [];
      const summed = inputs[i]!.rank - (i === 0 ? 1 : 2);
      return track.axis === summed ? collapse(track) : moved(track, track.axis + y.rank - inputs[i]!.rank);
    }),
  );
}

function throughGemm({ attributes }: Node, tracks: readonly (Track | undefined)[]): Track | undefined {
  const summed = [attributes.transA ? 0 : 1, attributes.transB ? 1 : 0];
  return merge(
    tracks.flatMap((track, i) => {
      if (!track || track.axis === undefined || i === 2) return track ?? [];
      return track.axis === summed[i] ? collapse(track) : moved(track, i);
    }),
  );
}

function alongAxis(fallback: number): (node: Node, track: Track) => Track {
  return ({ inputs: [x], attributes }, track) => {
    const axis = (attributes.axis as number | undefined) ?? fallback;
    return track.axis === (axis < 0 ? axis + x!.rank : axis) ? collapse(track) : track;
  };
}

function throughLayerNorm({ inputs: [x], attributes }: Node, track: Track): Track {
  const axis = (attributes.axis as number | undefined) ?? -1;
  const from = axis < 0 ? axis + x!.rank : axis;
  return track.axis !== undefined && track.axis >= from ? collapse(track) : track;
}

function throughReduction({ inputs: [x, axes], outputs: [y] }: Node, track: Track): Track {
  if (track.axis === undefined) return track;
  const named = axes?.constant && Array.from(axes.constant.data as ArrayLike<number | bigint>, Number);
  const reduced = named?.length
    ? named.map((axis) => (axis < 0 ? axis + x!.rank : axis))
    : x!.shape.map((_, i) => i);
  if (reduced.includes(track.axis)) return collapse(track);
  const dropped = y.rank === x!.rank ? 0 : reduced.filter((axis) => axis < track.axis!).length;
  return moved(track, track.axis - dropped);
}
