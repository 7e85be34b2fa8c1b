/**
 * Writes `test/golden/tfjs.json`: small TensorFlow graphs of one or two operations, and what TensorFlow.js computes
 * for them: `npm ci --prefix bench/javascript && npx tsx tools/golden/tfjs.ts`.
 */
import { execFileSync } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { Random } from "../../src/core/index.ts";

type Attribute = Record<string, unknown>;

interface Known {
  shape: number[];
  dtype: "float32" | "int32" | "bool";
  values: number[];
}

interface Node {
  name: string;
  op: string;
  input: string[];
  attr: Record<string, Attribute>;
}

interface TfjsCase {
  title: string;
  inputs: Record<string, Known>;
  weights: Record<string, Known>;
  nodes: Node[];
  outputs: string[];
}

const random = new Random(0x7f);
const drawn = (shape: number[], low = -1, high = 1): Known => ({
  shape,
  dtype: "float32",
  values: Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () =>
    Number(random.uniform(low, high).toFixed(3)),
  ),
});
const integers = (values: number[], shape: number[] = [values.length]): Known => ({
  shape,
  dtype: "int32",
  values,
});

const text = (value: string): Attribute => ({ s: Buffer.from(value).toString("base64") });
const texts = (...values: string[]): Attribute => ({
  list: { s: values.map((value) => Buffer.from(value).toString("base64")) },
});
const list = (...values: number[]): Attribute => ({ list: { i: values.map(String) } });
const int = (value: number): Attribute => ({ i: String(value) });
const flag = (value: boolean): Attribute => ({ b: value });
const real = (value: number): Attribute => ({ f: value });
const type = (value: string): Attribute => ({ type: `DT_${value}` });

/** A graph of inputs and weights by name and one node that reads them all, in this order. */
function single(
  title: string,
  op: string,
  operands: Record<string, Known | { input: Known }>,
  attr: Record<string, Attribute> = {},
  outputs = 1,
): TfjsCase {
  const isInput = (operand: Known | { input: Known }): operand is { input: Known } => "input" in operand;
  const inputs = Object.fromEntries(
    Object.entries(operands).flatMap(([name, known]) => (isInput(known) ? [[name, known.input]] : [])),
  );
  const weights = Object.fromEntries(
    Object.entries(operands).flatMap(([name, known]) => (isInput(known) ? [] : [[name, known]])),
  );
  return {
    title,
    inputs,
    weights,
    nodes: [{ name: "y", op, input: Object.keys(operands), attr }],
    outputs: Array.from({ length: outputs }, (_, i) => `y:${i}`),
  };
}

const picture = (shape = [1, 5, 6, 3]) => ({ input: drawn(shape) });

const window = (padding: string, strides: number[], rest: Record<string, Attribute> = {}) => ({
  padding: text(padding),
  strides: list(...strides),
  dilations: list(1, 1, 1, 1),
  data_format: text("NHWC"),
  ...rest,
});

const convolutions: TfjsCase[] = [
  ...[
    ["SAME, stride 1", "SAME", [1, 1, 1, 1], [1, 1, 1, 1]],
    ["SAME, stride 2: more padding at the ends", "SAME", [1, 2, 2, 1], [1, 1, 1, 1]],
    ["VALID, stride 2", "VALID", [1, 2, 2, 1], [1, 1, 1, 1]],
    ["SAME, dilated", "SAME", [1, 1, 1, 1], [1, 2, 2, 1]],
  ].map(([title, padding, strides, dilations]) =>
    single(
      `Conv2D, ${title}`,
      "Conv2D",
      { x: picture(), w: drawn([3, 3, 3, 4]) },
      window(padding as string, strides as number[], { dilations: list(...(dilations as number[])) }),
    ),
  ),
  single(
    "Conv2D, explicit padding",
    "Conv2D",
    { x: picture(), w: drawn([3, 3, 3, 2]) },
    window("EXPLICIT", [1, 1, 1, 1], { explicit_paddings: list(0, 0, 1, 0, 0, 2, 0, 0) }),
  ),
  ...["Relu", "Relu6", "Elu", "Sigmoid"].map((activation) =>
    single(
      `_FusedConv2D with bias and ${activation}`,
      "_FusedConv2D",
      { x: picture(), w: drawn([3, 2, 3, 4], -3, 3), b: drawn([4]) },
      window("SAME", [1, 1, 1, 1], { fused_ops: texts("BiasAdd", activation), num_args: int(1) }),
    ),
  ),
  single(
    "_FusedConv2D with bias and LeakyRelu",
    "_FusedConv2D",
    { x: picture(), w: drawn([1, 1, 3, 4]), b: drawn([4]) },
    window("SAME", [1, 1, 1, 1], {
      fused_ops: texts("BiasAdd", "LeakyRelu"),
      num_args: int(1),
      leakyrelu_alpha: real(0.3),
    }),
  ),
  single(
    "_FusedConv2D with bias and Prelu",
    "_FusedConv2D",
    { x: picture(), w: drawn([1, 1, 3, 4]), b: drawn([4]), a: drawn([1, 1, 4], 0, 1) },
    window("SAME", [1, 1, 1, 1], { fused_ops: texts("BiasAdd", "Prelu"), num_args: int(2) }),
  ),
  single(
    "DepthwiseConv2dNative, two filters a channel",
    "DepthwiseConv2dNative",
    { x: picture(), w: drawn([3, 3, 3, 2]) },
    window("SAME", [1, 2, 2, 1]),
  ),
  single(
    "FusedDepthwiseConv2dNative",
    "FusedDepthwiseConv2dNative",
    { x: picture(), w: drawn([3, 3, 3, 1]), b: drawn([3]) },
    window("VALID", [1, 1, 1, 1], { fused_ops: texts("BiasAdd", "Relu6"), num_args: int(1) }),
  ),
  ...["SAME", "VALID"].map((padding) =>
    single(
      `Conv2DBackpropInput, ${padding}`,
      "Conv2DBackpropInput",
      {
        shape: integers([1, padding === "SAME" ? 6 : 7, 6, 2]),
        w: drawn([3, 2, 2, 3]),
        x: picture([1, 3, 3, 3]),
      },
      window(padding, [1, 2, 2, 1]),
    ),
  ),
  ...["MaxPool", "AvgPool"].flatMap((op) =>
    ["SAME", "VALID"].map((padding) =>
      single(
        `${op}, ${padding}, overlapping`,
        op,
        { x: picture() },
        window(padding, [1, 2, 2, 1], { ksize: list(1, 3, 3, 1) }),
      ),
    ),
  ),
  single(
    "FusedBatchNormV3",
    "FusedBatchNormV3",
    {
      x: picture(),
      scale: drawn([3]),
      offset: drawn([3]),
      mean: drawn([3]),
      variance: drawn([3], 0.5, 2),
    },
    { epsilon: real(0.01), is_training: flag(false), data_format: text("NHWC") },
  ),
  single(
    "MatMul, both turned",
    "MatMul",
    { a: { input: drawn([4, 2]) }, b: drawn([3, 4]) },
    {
      transpose_a: flag(true),
      transpose_b: flag(true),
    },
  ),
  single(
    "_FusedMatMul with bias and Relu",
    "_FusedMatMul",
    { a: { input: drawn([2, 4]) }, b: drawn([4, 3]), c: drawn([3]) },
    { fused_ops: texts("BiasAdd", "Relu"), num_args: int(1) },
  ),
  single("BatchMatMulV2, the second turned", "BatchMatMulV2", { a: { input: drawn([2, 3, 4]) }, b: drawn([2, 5, 4]) }, { adj_y: flag(true) }),
  single("BiasAdd", "BiasAdd", { x: picture(), b: drawn([3]) }, { data_format: text("NHWC") }),
];

/** Puts a convolution before, so that the node meets a map that is kept with its channels first. */
function afterConvolution({ title, inputs, weights, nodes, outputs }: TfjsCase, channels = 3): TfjsCase {
  const [node] = nodes;
  const conv: Node = {
    name: "conv",
    op: "Conv2D",
    input: ["x", "filter"],
    attr: window("SAME", [1, 1, 1, 1]),
  };
  const input = node.input.map((name) => (name === "x" ? "conv" : name));
  return {
    title: `${title}, after a convolution`,
    inputs,
    weights: { ...weights, filter: drawn([1, 1, channels, channels]) },
    nodes: [conv, { ...node, input }],
    outputs,
  };
}

/** Each as it is, and on a map that comes out of a convolution. */
const both = (cases: TfjsCase[]): TfjsCase[] => cases.flatMap((one) => [one, afterConvolution(one)]);

const arithmetic: TfjsCase[] = [
  ...both([
    ...["AddV2", "Sub", "Mul", "RealDiv", "Maximum", "Minimum", "SquaredDifference"].map((op) =>
      single(`${op} by channel`, op, { x: picture(), b: drawn([3], 0.5, 2) }),
    ),
    single("Sub, the map second", "Sub", { b: drawn([1, 1, 3]), x: picture() }),
    single("Mul by a scalar", "Mul", { x: picture(), b: drawn([]) }),
    single("Mul by columns and channels", "Mul", { x: picture(), b: drawn([6, 3]) }),
    single("Mul by a map", "Mul", { x: picture(), b: drawn([1, 5, 6, 1]) }),
    single("Prelu", "Prelu", { x: picture(), a: drawn([1, 1, 3], 0, 1) }),
    single("LeakyRelu", "LeakyRelu", { x: picture() }, { alpha: real(0.1) }),
    ...["Relu6", "Elu", "Sigmoid", "Tanh", "Softplus", "Exp", "Abs", "Neg", "Square", "Floor", "Ceil", "Sin", "Cos", "Sign"].map((op) =>
      single(op, op, { x: { input: drawn([1, 5, 6, 3], -3, 8) } }),
    ),
    single("Softmax", "Softmax", { x: picture() }),
    single("LogSoftmax", "LogSoftmax", { x: picture() }),
  ]),
  ...["Sqrt", "Rsqrt", "Log", "Reciprocal"].map((op) => single(op, op, { x: { input: drawn([2, 3], 0.2, 4) } })),
  single("Pow", "Pow", { x: { input: drawn([2, 3], 0.2, 4) }, p: drawn([]) }),
  single("AddN", "AddN", { a: { input: drawn([2, 3]) }, b: drawn([2, 3]), c: drawn([2, 3]) }),
  single("FloorDiv of integers", "FloorDiv", { a: { input: integers([-7, 7, -8, 9]) }, b: integers([2, -2, 4, 4]) }),
  single("FloorMod of integers", "FloorMod", { a: { input: integers([-7, 7, -8, 9]) }, b: integers([2, 2, 4, 4]) }),
  single("FloorDiv", "FloorDiv", { a: { input: drawn([6], -9, 9) }, b: drawn([6], 1, 3) }),
  single("Cast to int32: towards zero", "Cast", { x: { input: drawn([6], -5, 5) } }, { SrcT: type("FLOAT"), DstT: type("INT32") }),
  single("Cast to float", "Cast", { x: { input: integers([1, -2, 3]) } }, { SrcT: type("INT32"), DstT: type("FLOAT") }),
  ...["Greater", "GreaterEqual", "Less", "LessEqual", "Equal", "NotEqual"].map((op) =>
    single(op, op, { a: { input: integers([1, 2, 3]) }, b: integers([3, 2, 1]) }),
  ),
];

const reductions: TfjsCase[] = both([
  ...["Mean", "Sum", "Max", "Min", "Prod"].flatMap((op) => [
    single(`${op} over space`, op, { x: picture(), axes: integers([1, 2]) }, { keep_dims: flag(false) }),
    single(`${op} over channels, kept`, op, { x: picture(), axes: integers([-1]) }, { keep_dims: flag(true) }),
  ]),
  single("Mean over columns", "Mean", { x: picture(), axes: integers([2]) }, { keep_dims: flag(false) }),
  single("ArgMax over channels", "ArgMax", { x: picture(), axis: integers([3], []) }),
  single("ArgMin over rows", "ArgMin", { x: picture(), axis: integers([1], []) }),
]);

const shaping: TfjsCase[] = both([
  single("Reshape", "Reshape", { x: picture(), shape: integers([2, -1, 9]) }),
  single("Transpose", "Transpose", { x: picture(), order: integers([3, 0, 2, 1]) }),
  single("ExpandDims", "ExpandDims", { x: picture(), axis: integers([-1], []) }),
  single("Squeeze", "Squeeze", { x: picture() }, { squeeze_dims: list(0) }),
  ...[1, 2, 3, -1].map((axis) =>
    single(`ConcatV2 along ${axis}`, "ConcatV2", { x: picture(), b: drawn([1, 5, 6, 3]), axis: integers([axis], []) }, { N: int(2) }),
  ),
  single("Pad", "Pad", { x: picture(), amounts: integers([0, 0, 1, 0, 2, 1, 0, 3], [4, 2]) }),
  single("PadV2", "PadV2", { x: picture(), amounts: integers([0, 0, 1, 0, 0, 1, 0, 0], [4, 2]), value: drawn([]) }),
  single("MirrorPad", "MirrorPad", { x: picture(), amounts: integers([0, 0, 1, 2, 2, 1, 0, 0], [4, 2]) }, { mode: text("reflect") }),
  single("Slice", "Slice", { x: picture(), begin: integers([0, 1, 2, 1]), size: integers([1, 3, -1, 2]) }),
  single("StridedSlice with steps and masks", "StridedSlice",
    { x: picture(), begin: integers([0, 1, 0, 2]), end: integers([1, 5, 0, 0]), strides: integers([1, 2, 1, -1]) },
    { begin_mask: int(4), end_mask: int(4 + 8) }),
  single("StridedSlice that drops axes", "StridedSlice",
    { x: picture(), begin: integers([0, -1, 0, 1]), end: integers([1, 0, 0, 2]), strides: integers([1, 1, 1, 1]) },
    { begin_mask: int(4), end_mask: int(4), shrink_axis_mask: int(2 + 8) }),
  single("Split along channels", "Split", { axis: integers([3], []), x: picture() }, { num_split: int(3) }, 3),
  single("SplitV along columns", "SplitV", { x: picture(), lengths: integers([1, -1, 2]), axis: integers([2], []) }, { num_split: int(3) }, 3),
  single("Tile", "Tile", { x: picture(), repeats: integers([1, 2, 1, 2]) }),
  single("Unpack along channels", "Unpack", { x: picture() }, { axis: int(3), num: int(3) }, 3),
  single("Pack", "Pack", { x: picture(), b: drawn([1, 5, 6, 3]) }, { axis: int(1), N: int(2) }),
  single("GatherV2 along columns", "GatherV2", { x: picture(), at: integers([5, 0, 2]), axis: integers([2], []) }),
  single("GatherNd", "GatherNd", { x: picture(), at: integers([0, 4, 5, 0, 1, 2], [2, 3]) }),
  single("TopKV2", "TopKV2", { x: picture(), k: integers([2], []) }, { sorted: flag(true) }, 2),
  single("ResizeBilinear, asymmetric", "ResizeBilinear", { x: picture(), size: integers([8, 9]) }, { align_corners: flag(false), half_pixel_centers: flag(false) }),
  single("ResizeBilinear, half pixels", "ResizeBilinear", { x: picture(), size: integers([8, 9]) }, { align_corners: flag(false), half_pixel_centers: flag(true) }),
  single("ResizeBilinear, corners aligned", "ResizeBilinear", { x: picture(), size: integers([8, 9]) }, { align_corners: flag(true), half_pixel_centers: flag(false) }),
  single("ResizeNearestNeighbor, asymmetric", "ResizeNearestNeighbor", { x: picture(), size: integers([8, 9]) }, { align_corners: flag(false), half_pixel_centers: flag(false) }),
  single("ResizeNearestNeighbor, half pixels", "ResizeNearestNeighbor", { x: picture(), size: integers([8, 9]) }, { align_corners: flag(false), half_pixel_centers: flag(true) }),
  single("ResizeNearestNeighbor, corners aligned", "ResizeNearestNeighbor", { x: picture(), size: integers([9, 11]) }, { align_corners: flag(true), half_pixel_centers: flag(false) }),
]);

const others: TfjsCase[] = [
  single("DepthToSpace", "DepthToSpace", { x: { input: drawn([1, 2, 3, 8]) } }, { block_size: int(2), data_format: text("NHWC") }),
  single("Fill", "Fill", { shape: integers([2, 3]), value: drawn([]) }),
  single("Shape", "Shape", { x: picture() }, {}),
  single("Range", "Range", { start: integers([1], []), limit: integers([9], []), delta: integers([3], []) }),
];

const cases = [...convolutions, ...arithmetic, ...reductions, ...shaping, ...others];
const runner = fileURLToPath(new URL("../../bench/javascript/run-graphs.mjs", import.meta.url));
const answers = JSON.parse(
  execFileSync("node", [runner], { input: JSON.stringify(cases), maxBuffer: 2 ** 28, encoding: "utf8" }),
) as ({ shape: number[]; values: number[] }[] | string)[];
const golden = cases.map((one, i) => ({ ...one, expected: answers[i] }));
const refused = golden.filter(({ expected }) => typeof expected === "string");
for (const { title, expected } of refused) console.error(`${title}: ${expected}`);
await writeFile(
  "test/golden/tfjs.json",
  `[\n${golden
    .filter((one) => !refused.includes(one))
    .map((one) => JSON.stringify(one))
    .join(",\n")}\n]\n`,
);
console.log(`${golden.length - refused.length} cases`);
