import { tensor } from "../../core/index.ts";
import { add, averagePool, Resize, relu, sigmoid, type Value } from "../../graph/index.ts";
import {
  type ConvolutionOptions,
  constant,
  convolution,
  heNormal,
  instanceNorm,
  type Scope,
} from "../../nn/index.ts";

/** Sides of pictures are multiples of this: the net halves them twice. */
export const TRANSFORMER_STRIDE = 4;

const RESIDUAL_BLOCKS = 5;

/** Added to the variance of a picture's colours: even ones must not become noise. */
const EVEN_COLORS = 2.5e-3;

/**
 * The net that paints in one pass (Johnson et al. 2016), with instance norms (Ulyanov et al. 2016): two convolutions that
 * halve, five residual blocks, two that double. Doubling repeats elements before a convolution: a transposed
 * convolution leaves a chequered pattern (Odena et al. 2016).
 *
 * What it makes are strokes upon a ground: the picture four times smaller and back, its colours normalised and given a
 * learned mean and contrast. So light and dark are in their places from the first step on, and what is learned is the
 * hand.
 *
 * @param pictures `[N, 3, H, W]` in 0…1, sides multiples of {@link TRANSFORMER_STRIDE}
 * @param width channels at full resolution; twice and four times as many at the halved ones
 * @returns `[N, 3, H, W]` in 0…1
 */
export function transformer(scope: Scope, pictures: Value, width: number): Value {
  const unit = (name: string, x: Value, options: ConvolutionOptions) =>
    relu(normed(scope.at(name), x, options));
  let y = unit("enter", pictures, { outChannels: width, kernelSize: 9 });
  y = unit("halve.1", y, { outChannels: 2 * width, kernelSize: 3, stride: 2, padding: 1 });
  y = unit("halve.2", y, { outChannels: 4 * width, kernelSize: 3, stride: 2, padding: 1 });
  for (let i = 1; i <= RESIDUAL_BLOCKS; i++) y = residual(scope.at("residual").at(i), y);
  y = unit("double.1", doubled(y), { outChannels: 2 * width, kernelSize: 3 });
  y = unit("double.2", doubled(y), { outChannels: width, kernelSize: 3 });
  const strokes = convolution(scope.at("leave"), y, {
    outChannels: 3,
    kernelSize: 9,
    initialize: heNormal(0.1),
    bias: true,
    initializeBias: constant(0),
  });
  return sigmoid(add(strokes, instanceNorm(scope.at("ground"), blurred(pictures), EVEN_COLORS)));
}

function normed(scope: Scope, x: Value, options: ConvolutionOptions): Value {
  return instanceNorm(scope.at("norm"), convolution(scope.at("conv"), x, options));
}

function residual(scope: Scope, x: Value): Value {
  const options = { outChannels: x.dims[1], kernelSize: 3 };
  return add(x, normed(scope.at("b"), relu(normed(scope.at("a"), x, options)), options));
}

/** Means of squares, drawn out again. */
function blurred(pictures: Value): Value {
  const means = averagePool(pictures, { kernelSize: TRANSFORMER_STRIDE, stride: TRANSFORMER_STRIDE });
  return enlarged(means, TRANSFORMER_STRIDE, {
    mode: "linear",
    coordinate_transformation_mode: "half_pixel",
  });
}

function doubled(x: Value): Value {
  return enlarged(x, 2, {
    mode: "nearest",
    nearest_mode: "floor",
    coordinate_transformation_mode: "asymmetric",
  });
}

/** So many times as wide and high, by a factor and not a size, so that the file fits every picture. */
function enlarged(x: Value, factor: number, attributes: Record<string, string>): Value {
  const scales = x.graph.constant(tensor([1, 1, factor, factor]));
  return x.graph.apply(Resize, [x, undefined, scales], attributes)[0];
}
