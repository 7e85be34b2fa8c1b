import { FoveaError } from "../../core/index.ts";
import { leakyRelu, maxPool, relu, reshape, type Value } from "../../graph/index.ts";
import { convolution, dense, dropout, heNormal, type Scope } from "../../nn/index.ts";

/** Options of {@link voxNet}. */
export interface VoxNetOptions {
  /** Channels of both convolutions; default 32. */
  channels?: number;
  /** Features of the hidden dense layer; default 128. */
  hidden?: number;
  /** Probabilities of an element to become 0 after each of the three layers; default the authors' .2, .3, .4. */
  dropout?: readonly [number, number, number];
}

/** Elements along each dimension that the convolutions and the pooling need. */
const LEAST_SIDE = 11;

/** Slope of the convolutions' ReLU below 0. */
const SLOPE = 0.1;

/**
 * Logits `[N, classes]` by VoxNet (Maturana & Scherer 2015) of voxels `[N, C, D, H, W]`, 32³ in the paper: a convolution
 * of 5³ at stride 2, one of 3³, both without padding, maximum pooling, a dense layer. It runs over pictures and
 * sequences as well. No norms: it is at home with occupancies, which are between −1 and 1.
 */
export function voxNet(scope: Scope, x: Value, classes: number, options: VoxNetOptions = {}): Value {
  const extent = x.dims.slice(2);
  if (extent.some((side) => side < LEAST_SIDE)) {
    throw new FoveaError(
      "argument-range",
      `voxnet: inputs of ${extent.join("×")} are too small for it, each side must be ${LEAST_SIDE} or more; the net "resnet" takes any size.`,
    );
  }
  const { channels: outChannels = 32, hidden = 128, dropout: rates = [0.2, 0.3, 0.4] } = options;
  const plain = { outChannels, padding: 0, bias: true };
  let y = leakyRelu(convolution(scope.at("a"), x, { ...plain, kernelSize: 5, stride: 2 }), SLOPE);
  y = dropout(scope.at("a"), y, { rate: rates[0] });
  y = leakyRelu(convolution(scope.at("b"), y, { ...plain, kernelSize: 3 }), SLOPE);
  y = dropout(scope.at("b"), maxPool(y, { kernelSize: 2 }), { rate: rates[1] });
  y = relu(dense(scope.at("hidden"), reshape(y, [y.dims[0], -1]), { outFeatures: hidden }));
  y = dropout(scope.at("hidden"), y, { rate: rates[2] });
  return dense(scope.at("head"), y, { outFeatures: classes, initialize: heNormal(1) });
}
