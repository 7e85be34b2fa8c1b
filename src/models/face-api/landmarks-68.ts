import { tensor } from "../../core/index.ts";
import { add, matmul, mul, relu, reshape, sub, type Value } from "../../graph/index.ts";
import type { FaceApiLayers } from "./layers.ts";

/** Side of its input in pixels. */
export const LANDMARK_SIZE = 112;

/** Mean colour of what the net of landmarks and that of descriptors were trained on. */
export const FACE_MEAN: readonly number[] = [122.782, 117.001, 104.298];

/** Each convolution of a block sees the sum of those before it (Huang et al. 2017, with sums for joins). */
function denseBlock(layers: FaceApiLayers, x: Value, name: string, isFirst: boolean): Value {
  const first = isFirst
    ? layers.conv(x, `${name}/conv0/filters`, `${name}/conv0/bias`, { stride: 2 })
    : layers.separable(x, `${name}/conv0`, { stride: 2 });
  const one = relu(first);
  const two = layers.separable(one, `${name}/conv1`);
  const three = layers.separable(relu(add(one, two)), `${name}/conv2`);
  const sum = add(one, add(two, three));
  const four = layers.separable(relu(sum), `${name}/conv3`);
  return relu(add(sum, four));
}

/**
 * The 68 points of a face (the scheme of iBUG's 300-W).
 * @param pictures `[N, 3, 112, 112]`, 0…255: the face's box, its longer side filling the picture
 * @returns `[N, 68, 2]`: x, y in parts of the picture
 */
export function landmarkNet(layers: FaceApiLayers, pictures: Value): Value {
  const mean = layers.graph.constant(tensor(FACE_MEAN, [3, 1, 1]));
  let x = mul(sub(pictures, mean), 1 / 255);
  for (let block = 0; block < 4; block++) x = denseBlock(layers, x, `dense${block}`, block === 0);
  const pooled = layers.averagePool(x, 7, { stride: 2, padding: "valid" });
  const flat = reshape(pooled, [-1, x.dims[1]]);
  const points = add(matmul(flat, layers.value("fc/weights")), layers.value("fc/bias"));
  return reshape(points, [-1, 68, 2]);
}
