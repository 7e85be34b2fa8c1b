import {
  AveragePool,
  batchNormalization,
  Conv,
  ConvTranspose,
  MaxPool,
  matmul,
  type Operator,
  transpose,
  type Value,
} from "../../../graph/index.ts";
import { TfTensor } from "../tf-tensor.ts";
import { addBias, applyFused } from "./activations.ts";
import { type Conversion, type Converter, unsupported } from "./conversion.ts";
import { type Window, windowOf } from "./window.ts";

/** Attributes of ONNX's Conv. */
function attributesOf({ strides, dilations, pads }: Window, kernel: readonly number[], group = 1) {
  return { kernel_shape: kernel, strides, dilations, pads, group };
}

/** The convolution, with the bias that the node fuses in it, and what else it fuses. */
function convolved(conversion: Conversion, filter: Value, group: number): readonly TfTensor[] {
  const { graph, inputs, attributes } = conversion;
  const [x, , ...extra] = inputs;
  const kernel = filter.dims.slice(2);
  const window = windowOf(conversion, x.dims.slice(1, 3), kernel);
  const fused = attributes.texts("fused_ops");
  const taken = fused[0] === "BiasAdd" ? 1 : 0;
  const bias = taken ? extra[0].plain : undefined;
  const [y] = graph.apply(Conv, [x.first, filter, bias], attributesOf(window, kernel, group));
  return [applyFused(conversion, TfTensor.channelsFirst(y), fused.slice(taken), extra.slice(taken))];
}

/** Filters `[H, W, C / groups, M]`. */
function convolution(conversion: Conversion): readonly TfTensor[] {
  const [x, filter] = conversion.inputs;
  return convolved(conversion, filter.ordered([3, 2, 0, 1]), x.dims[3] / filter.dims[2]);
}

/** Filters `[H, W, C, M]`, M for each channel. */
function depthwise(conversion: Conversion): readonly TfTensor[] {
  const [, filter] = conversion.inputs;
  const [height, width, channels, multiple] = filter.dims;
  const shape = [channels * multiple, 1, height, width];
  return convolved(conversion, filter.ordered([2, 3, 0, 1], shape), channels);
}

/** Filters `[H, W, M, C]`; the first input tells the result's shape, the third is what is convolved. */
function transposedConvolution(conversion: Conversion): readonly TfTensor[] {
  const { graph, inputs } = conversion;
  const [sizes, filter, x] = inputs;
  const [, height, width] = sizes.numbers("The shape of a transposed convolution's result");
  const kernel = filter.dims.slice(0, 2);
  const window = windowOf(conversion, [height, width], kernel);
  const { strides, dilations, pads } = window;
  const output_padding = [height, width].map(
    (size, i) =>
      size - ((x.dims[i + 1] - 1) * strides[i] + dilations[i] * (kernel[i] - 1) + 1 - pads[i] - pads[i + 2]),
  );
  const attributes = { ...attributesOf(window, kernel), output_padding };
  return [
    TfTensor.channelsFirst(
      graph.apply(ConvTranspose, [x.first, filter.ordered([3, 2, 0, 1])], attributes)[0],
    ),
  ];
}

function pooled(operator: Operator) {
  return (conversion: Conversion): readonly TfTensor[] => {
    const { graph, inputs, attributes } = conversion;
    const [x] = inputs;
    const [, ...kernel] = attributes.integers("ksize").slice(0, 3);
    const { strides, pads } = windowOf(conversion, x.dims.slice(1, 3), kernel);
    return [
      TfTensor.channelsFirst(graph.apply(operator, [x.first], { kernel_shape: kernel, strides, pads })[0]),
    ];
  };
}

/** x · filter `[in, out]`, and what the node fuses. */
function matrixProduct(conversion: Conversion): readonly TfTensor[] {
  const { inputs, attributes } = conversion;
  const [a, b, ...extra] = inputs;
  const turned = (x: TfTensor, isTurned: boolean) => {
    const axes = x.dims.map((_, axis) => axis);
    return isTurned ? transpose(x.plain, [...axes.slice(0, -2), axes.at(-1)!, axes.at(-2)!]) : x.plain;
  };
  const flag = (name: string, batched: string) => attributes.flag(name) || attributes.flag(batched);
  const product = matmul(turned(a, flag("transpose_a", "adj_x")), turned(b, flag("transpose_b", "adj_y")));
  return [applyFused(conversion, TfTensor.plain(product), attributes.texts("fused_ops"), extra)];
}

function batchNorm(conversion: Conversion): readonly TfTensor[] {
  const { inputs, attributes } = conversion;
  const [x, scale, offset, mean, variance] = inputs;
  if (attributes.flag("is_training", true) && variance.dims[0] === 0)
    throw unsupported(conversion, "batch norm by the batch's own statistics");
  const values = [scale, offset, mean, variance].map(({ plain }) => plain);
  const [gain, bias, means, variances] = values;
  const y = batchNormalization(x.first, gain, bias, means, variances, attributes.real("epsilon", 1e-3));
  return [TfTensor.channelsFirst(y)];
}

/** Products by filters and matrices, windows, and norms. */
export const convolutions: Readonly<Record<string, Converter>> = {
  Conv2D: convolution,
  _FusedConv2D: convolution,
  DepthwiseConv2dNative: depthwise,
  FusedDepthwiseConv2dNative: depthwise,
  Conv2DBackpropInput: transposedConvolution,
  MaxPool: pooled(MaxPool),
  AvgPool: pooled(AveragePool),
  MatMul: matrixProduct,
  _FusedMatMul: matrixProduct,
  BatchMatMul: matrixProduct,
  BatchMatMulV2: matrixProduct,
  FusedBatchNorm: batchNorm,
  FusedBatchNormV2: batchNorm,
  FusedBatchNormV3: batchNorm,
  BiasAdd: ({ inputs: [x, bias] }) => [addBias(x, bias)],
};
