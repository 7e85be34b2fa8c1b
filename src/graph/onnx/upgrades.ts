import { FoveaError, isFloat, type Tensor, tensor } from "../../core/index.ts";
import type { Graph, Value } from "../graph.ts";
import type { Attributes } from "../operator.ts";
import {
  add,
  BatchNormalization,
  cast,
  expand,
  groupNormalization,
  Identity,
  logSoftmax,
  Max,
  Min,
  matmul,
  maxPoolIndices,
  mul,
  pow,
  reduceL1,
  reduceL2,
  reduceLogSum,
  reduceSumSquare,
  requireGroups,
  reshape,
  Slice,
  Split,
  softmax,
  transposedGeometry,
} from "../ops/index.ts";
import { axisOf, lengthOf } from "../shape.ts";
import { resize, upsample } from "./resize-upgrades.ts";

/** A node of a file, its inputs found. */
export interface ForeignNode {
  graph: Graph;
  opType: string;
  name: string;
  /** The operator set that the file was written for. */
  opset: number;
  inputs: (Value | undefined)[];
  attributes: Attributes;
  /** Which of its outputs are named. */
  outputs: readonly boolean[];
}

/** How a node is built: with another form of inputs and attributes, or by its outputs themselves. */
export type Upgraded = readonly Value[] | { inputs: (Value | undefined)[]; attributes: Attributes };

/**
 * Nodes that older operator sets wrote otherwise, and operators that are others put together. What is not
 * listed means in every set from 7 on what it means today.
 */
export const upgrades: Readonly<Record<string, (node: ForeignNode) => Upgraded>> = {
  BatchNormalization: batchNormalization,
  Clip: (node) =>
    listsAsInputs(node, 11, [
      ["min", "scalar"],
      ["max", "scalar"],
    ]),
  Constant: constant,
  ConvTranspose: transposedConvolution,
  Dropout: identity,
  GroupNormalization: groups,
  LogSoftmax: (node) => flattenedSoftmax(node, logSoftmax),
  MatMul: matrixProduct,
  Max: (node) => chained(node, (a, b) => node.graph.apply(Max, [a, b])[0]),
  MaxPool: (node) => (node.outputs[1] ? maxPoolIndices(node.inputs[0]!, node.attributes) : plain(node)),
  Mean: (node) => {
    const [sum] = chained(node, add);
    return [mul(sum, 1 / node.inputs.length)];
  },
  Min: (node) => chained(node, (a, b) => node.graph.apply(Min, [a, b])[0]),
  Pad: (node) =>
    listsAsInputs(node, 11, [
      ["pads", "list"],
      ["value", "scalar"],
    ]),
  Pow: ({ inputs: [a, b] }) => [power(a!, b!)],
  Reshape: (node) => listsAsInputs(node, 5, [["shape", "list"]]),
  Resize: resize,
  RoiAlign: regions,
  Slice: slice,
  Softmax: (node) => flattenedSoftmax(node, softmax),
  Split: split,
  Squeeze: axesAsInput(13),
  Sum: (node) => chained(node, add),
  TopK: (node) => listsAsInputs(node, 10, [["k", "list"]]),
  Unsqueeze: axesAsInput(13),
  Upsample: upsample,
  ReduceSum: axesAsInput(13),
  ReduceL1: axesAsInput(18, (x) => reduceL1(x, [])),
  ReduceL2: axesAsInput(18, (x) => reduceL2(x, [])),
  ReduceLogSum: axesAsInput(18, (x) => reduceLogSum(x, [])),
  ReduceSumSquare: axesAsInput(18, (x) => reduceSumSquare(x, [])),
  ...Object.fromEntries(
    ["LogSumExp", "Max", "Mean", "Min", "Prod"].map((kind) => [`Reduce${kind}`, axesAsInput(18)]),
  ),
};

function plain({ inputs, attributes }: ForeignNode): Upgraded {
  return { inputs, attributes };
}

/** What training would do is left out: the file is read as it is run. */
function identity({ graph, inputs }: ForeignNode): readonly Value[] {
  return graph.apply(Identity, [inputs[0]]);
}

function unsupported(opType: string, name: string, why: string): FoveaError {
  return new FoveaError("operator-unsupported", `${opType} (node \`${name}\`): ${why}.`);
}

/** Attributes that became inputs with set `since`. */
function listsAsInputs(
  { graph, opset, inputs, attributes }: ForeignNode,
  since: number,
  names: readonly (readonly [name: string, form: "list" | "scalar"])[],
): Upgraded {
  if (opset >= since) return { inputs, attributes };
  const dtype = inputs[0]!.dtype;
  const rest: Record<string, Attributes[string]> = { ...attributes };
  const added = names.map(([name, form]) => {
    const value = attributes[name] as number | readonly number[] | undefined;
    delete rest[name];
    if (value === undefined) return undefined;
    return form === "scalar"
      ? graph.scalar(value as number, dtype)
      : graph.integers([value].flat() as number[]);
  });
  return { inputs: [...inputs, ...added], attributes: rest };
}

/** `axes` became an input with set `since`; an empty list may mean "none": each element is reduced by itself. */
function axesAsInput(
  since: number,
  single: (x: Value) => Value = (x) => x.graph.apply(Identity, [x])[0],
): (node: ForeignNode) => Upgraded {
  return (node) => {
    const { inputs, attributes } = listsAsInputs(node, since, [["axes", "list"]]) as Exclude<
      Upgraded,
      readonly Value[]
    >;
    const { noop_with_empty_axes: noop, ...rest } = attributes;
    const axes = inputs[1];
    if (noop === 1 && (!axes || axes.shape[0] === 0)) return [single(inputs[0]!)];
    return { inputs, attributes: rest };
  };
}

function constant({ graph, attributes, name }: ForeignNode): readonly Value[] {
  const { value, value_float, value_floats, value_int, value_ints } = attributes;
  const scalar = (number: unknown, dtype: "float32" | "int64") => tensor([number as number], [], dtype);
  const list = (numbers: unknown, dtype: "float32" | "int64") =>
    tensor(numbers as number[], [(numbers as number[]).length], dtype);
  const held =
    (value as Tensor | undefined) ??
    (value_float !== undefined ? scalar(value_float, "float32") : undefined) ??
    (value_floats ? list(value_floats, "float32") : undefined) ??
    (value_int !== undefined ? scalar(value_int, "int64") : undefined) ??
    (value_ints ? list(value_ints, "int64") : undefined);
  if (!held) throw unsupported("Constant", name, "it holds text or a sparse tensor");
  return [graph.constant(held)];
}

function chained({ inputs }: ForeignNode, combine: (a: Value, b: Value) => Value): readonly [Value] {
  return [(inputs as Value[]).reduce(combine)];
}

/** Up to set 12, everything from `axis` (default 1) on was one row. */
function flattenedSoftmax(
  { opset, inputs, attributes }: ForeignNode,
  apply: (x: Value, axis: number) => Value,
): Upgraded {
  if (opset >= 13) return { inputs, attributes };
  const x = inputs[0]!;
  const axis = axisOf("Softmax", (attributes.axis as number | undefined) ?? 1, x.rank);
  if (axis === x.rank - 1) return [apply(x, -1)];
  const kept = x.shape.slice(0, axis).map(() => 0); // as they are, one of them open perhaps
  return [reshape(apply(reshape(x, [...kept, -1]), -1), x.shape)];
}

function batchNormalization({ graph, opset, inputs, attributes, outputs, name }: ForeignNode): Upgraded {
  const { epsilon, training_mode, spatial } = attributes;
  if (spatial === 0 && inputs[0]!.rank > 2) {
    throw unsupported(
      "BatchNormalization",
      name,
      "`spatial` (=0) asks for a mean of each place, not of each channel",
    );
  }
  if (training_mode === 1 || (opset < 14 && outputs.slice(1).some(Boolean))) {
    throw unsupported(
      "BatchNormalization",
      name,
      "the file holds a net in training; export it for inference",
    );
  }
  return graph.apply(BatchNormalization, inputs, epsilon === undefined ? {} : { epsilon });
}

function groups({ opset, inputs: [x, scale, offset], attributes }: ForeignNode): Upgraded {
  const count = attributes.num_groups as number;
  const epsilon = (attributes.epsilon as number | undefined) ?? 1e-5;
  const channels = lengthOf("GroupNormalization", x!, 1);
  requireGroups(channels, count);
  /** Set 18 had one number for each group. */
  const perChannel = (list: Value) =>
    opset >= 21 ? list : reshape(expand(reshape(list, [count, 1]), [count, channels / count]), [channels]);
  return [groupNormalization(x!, perChannel(scale!), perChannel(offset!), count, epsilon)];
}

function slice(node: ForeignNode): Upgraded {
  const { graph, opset, inputs, attributes } = node;
  if (opset >= 10) return { inputs, attributes };
  const list = (name: string) => {
    const numbers = attributes[name] as readonly number[] | undefined;
    return numbers && graph.integers(numbers);
  };
  return graph.apply(Slice, [inputs[0], list("starts"), list("ends"), list("axes")]);
}

function split({ graph, inputs, attributes, outputs, name }: ForeignNode): Upgraded {
  const [x, lengths] = inputs;
  const axis = axisOf("Split", (attributes.axis as number | undefined) ?? 0, x!.rank);
  if (lengths) return graph.apply(Split, [x, lengths], { axis });
  const given = attributes.split as readonly number[] | undefined;
  if (given) return graph.apply(Split, [x, graph.integers(given)], { axis });
  const parts = (attributes.num_outputs as number | undefined) ?? outputs.length;
  const size = lengthOf("Split", x!, axis);
  const each = Math.ceil(size / parts);
  const even = Array.from({ length: parts }, (_, i) => Math.min(each, size - i * each));
  if (even.some((length) => length < 0)) {
    throw new FoveaError(
      "shape-mismatch",
      `Split (node \`${name}\`): ${size} elements do not make ${parts} parts of ${each}; give their lengths.`,
    );
  }
  return graph.apply(Split, [x, graph.integers(even)], { axis });
}

/** Padding that follows from the result's size is written out, where x's size is known. */
function transposedConvolution({ inputs, attributes }: ForeignNode): Upgraded {
  const { auto_pad, output_shape, ...rest } = attributes;
  const implied = output_shape !== undefined || (auto_pad !== undefined && auto_pad !== "NOTSET");
  const [x, w] = inputs;
  if (!implied || ![...x!.shape.slice(2), ...w!.shape].every((dim) => typeof dim === "number")) {
    return { inputs, attributes };
  }
  const { begin, end } = transposedGeometry(x!, w!, attributes);
  return { inputs, attributes: { ...rest, pads: [...begin, ...end] } };
}

/** Vectors become matrices of one row or column. */
function matrixProduct(node: ForeignNode): Upgraded {
  const [a, b] = node.inputs;
  return a!.rank > 1 && b!.rank > 1 ? plain(node) : [matmul(a!, b!)];
}

/** The result has the base's type; with a fractional exponent it is computed in double precision all the same. */
function power(a: Value, b: Value): Value {
  if (isFloat(a.dtype) || !isFloat(b.dtype)) return pow(a, cast(b, a.dtype));
  return cast(pow(cast(a, "float64"), cast(b, "float64")), a.dtype);
}

/** Before set 16, regions were not shifted by half an element. */
function regions({ opset, inputs, attributes }: ForeignNode): Upgraded {
  if (opset >= 16) return { inputs, attributes };
  return { inputs, attributes: { ...attributes, coordinate_transformation_mode: "output_half_pixel" } };
}
