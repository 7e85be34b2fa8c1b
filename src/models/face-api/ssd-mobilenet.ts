import { tensor, toNumbers } from "../../core/index.ts";
import {
  add,
  batchNormalization,
  clip,
  concat,
  exp,
  mul,
  reshape,
  sigmoid,
  slice,
  sub,
  transpose,
  type Value,
} from "../../graph/index.ts";
import type { FaceApiLayers } from "./layers.ts";

/** Side of its input in pixels. */
export const SSD_SIZE = 512;

/** Blocks of the trunk that halve the map. */
const HALVING = new Set([2, 4, 6, 12]);
const BLOCKS = 13;
const EPSILON = 0.0010000000474974513;

/** Boxes and scores of the candidates. */
export interface FaceCandidates {
  /** Corners x1, y1, x2, y2 in input pixels, `[N, B, 4]`. */
  boxes: Value;
  /** `[N, 1, B]` in 0…1. */
  scores: Value;
}

/**
 * Single-shot detector of faces on MobileNetV1 (Liu et al. 2016, Howard et al. 2017).
 * @param pictures `[N, 3, 512, 512]`, 0…255
 */
export function ssdMobileNet(layers: FaceApiLayers, pictures: Value): FaceCandidates {
  const unit = (x: Value, name: string, stride = 1) =>
    clip(layers.conv(x, `${name}/weights`, `${name}/convolution_bn_offset`, { stride }), 0, 6);
  let x = unit(sub(mul(pictures, 1 / 127.5), 1), "MobilenetV1/Conv2d_0_pointwise", 2);
  const maps: Value[] = [];
  for (let block = 1; block <= BLOCKS; block++) {
    const name = `MobilenetV1/Conv2d_${block}`;
    const spread = layers.depthwise(x, `${name}_depthwise/depthwise_weights`, {
      stride: HALVING.has(block) ? 2 : 1,
    });
    const [gain, bias, mean, variance] = ["gamma", "beta", "moving_mean", "moving_variance"].map((part) =>
      layers.value(`${name}_depthwise/BatchNorm/${part}`),
    );
    const normed = batchNormalization(spread, gain, bias, mean, variance, EPSILON);
    x = unit(clip(normed, 0, 6), `${name}_pointwise`);
    if (block === 11 || block === BLOCKS) maps.push(x);
  }
  for (let i = 0; i < 8; i += 2) {
    x = unit(x, `Prediction/Conv2d_${i}_pointwise`);
    x = unit(x, `Prediction/Conv2d_${i + 1}_pointwise`, 2);
    maps.push(x);
  }
  return decode(
    layers,
    joined(layers, maps, "BoxEncodingPredictor", 4),
    joined(layers, maps, "ClassPredictor", 3),
  );
}

/** The heads' answers for all maps, `[N, B, width]`, by cell and then anchor. */
function joined(layers: FaceApiLayers, maps: readonly Value[], head: string, width: number): Value {
  const parts = maps.map((map, i) => {
    const name = `Prediction/BoxPredictor_${i}/${head}`;
    const answers = layers.conv(map, `${name}/weights`, `${name}/biases`);
    return reshape(transpose(answers, [0, 2, 3, 1]), [map.dims[0], -1, width]);
  });
  return concat(parts, 1);
}

/** Boxes are coded against priors: offsets of the centre by a tenth of their sides, logarithms of sizes by a fifth. */
function decode(layers: FaceApiLayers, codes: Value, classes: Value): FaceCandidates {
  const { graph } = layers;
  const priors = toNumbers(layers.tensor("Output/extra_dim")); // top, left, bottom, right, in parts of the picture
  const count = priors.length / 4;
  const column = (of: (prior: readonly number[]) => number) =>
    graph.constant(
      tensor(
        Array.from({ length: count }, (_, i) => of(priors.slice(4 * i, 4 * i + 4)) * SSD_SIZE),
        [1, count, 1],
      ),
    );
  const along = (first: number, centreCode: number) => {
    const side = column((prior) => prior[first + 2] - prior[first]);
    const middle = column((prior) => (prior[first] + prior[first + 2]) / 2);
    const centre = add(mul(mul(slice(codes, 2, centreCode, centreCode + 1), 0.1), side), middle);
    const half = mul(mul(exp(mul(slice(codes, 2, centreCode + 2, centreCode + 3), 0.2)), side), 0.5);
    return [sub(centre, half), add(centre, half)];
  };
  const [top, bottom] = along(0, 0);
  const [left, right] = along(1, 1);
  return {
    boxes: concat([left, top, right, bottom], 2),
    scores: transpose(sigmoid(slice(classes, 2, 1, 2)), [0, 2, 1]),
  };
}
