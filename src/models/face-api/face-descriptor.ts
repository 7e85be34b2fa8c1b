import { tensor } from "../../core/index.ts";
import {
  add,
  globalAveragePool,
  matmul,
  mul,
  pad,
  relu,
  reshape,
  sub,
  type Value,
} from "../../graph/index.ts";
import { FACE_MEAN } from "./landmarks-68.ts";
import type { FaceApiLayers, Padding } from "./layers.ts";

/** Side of its input in pixels. */
export const DESCRIPTOR_SIZE = 150;

interface UnitOptions {
  stride?: number;
  padding?: Padding;
}

/** Convolution, and a factor and a summand for each channel. */
function unit(layers: FaceApiLayers, x: Value, name: string, options: UnitOptions = {}): Value {
  const sum = layers.conv(x, `${name}/conv/filters`, `${name}/conv/bias`, options);
  return add(mul(sum, layers.byChannel(`${name}/scale/weights`)), layers.byChannel(`${name}/scale/biases`));
}

/** x plus two convolutions of it. */
function residual(layers: FaceApiLayers, x: Value, name: string): Value {
  const inner = relu(unit(layers, x, `${name}/conv1`));
  return relu(add(x, unit(layers, inner, `${name}/conv2`)));
}

/** Halves the map; the shortcut is its mean under 2×2 pixels, with zeros where the other path is wider or larger. */
function halving(layers: FaceApiLayers, x: Value, name: string): Value {
  const inner = relu(unit(layers, x, `${name}/conv1`, { stride: 2, padding: "valid" }));
  const path = unit(layers, inner, `${name}/conv2`);
  const shortcut = layers.averagePool(x, 2, { stride: 2, padding: "valid" });
  const [, channels, rows, columns] = path.dims;
  const [, had, rowsKept, columnsKept] = shortcut.dims;
  const none = [0, 0, 0, 0];
  const grown = pad(path, none, [0, 0, rowsKept - rows, columnsKept - columns]);
  return relu(add(grown, pad(shortcut, none, [0, channels - had, 0, 0])));
}

/**
 * dlib's residual net for faces (King 2017, after He et al. 2016): faces of one person are less than 0.6 apart.
 * @param pictures `[N, 3, 150, 150]`, 0…255: aligned faces
 * @returns `[N, 128]`, lengths not normalised
 */
export function faceDescriptor(layers: FaceApiLayers, pictures: Value): Value {
  const mean = layers.graph.constant(tensor(FACE_MEAN, [3, 1, 1]));
  const scaled = mul(sub(pictures, mean), 1 / 255);
  const stem = relu(unit(layers, scaled, "conv32_down", { stride: 2, padding: "valid" }));
  let x = layers.maxPool(stem, 3, { stride: 2, padding: "valid" });
  for (const i of [1, 2, 3]) x = residual(layers, x, `conv32_${i}`);
  for (const [width, count] of [
    [64, 3],
    [128, 2],
    [256, 2],
  ]) {
    x = halving(layers, x, `conv${width}_down`);
    for (let i = 1; i <= count; i++) x = residual(layers, x, `conv${width}_${i}`);
  }
  x = halving(layers, x, "conv256_down_out");
  const means = reshape(globalAveragePool(x), [-1, x.dims[1]]);
  return matmul(means, layers.value("fc"));
}
