import { tensor } from "../../core/index.ts";
import {
  add,
  concat,
  exp,
  leakyRelu,
  mul,
  reshape,
  sigmoid,
  slice,
  sub,
  transpose,
  type Value,
} from "../../graph/index.ts";
import type { FaceApiLayers } from "./layers.ts";
import type { FaceCandidates } from "./ssd-mobilenet.ts";

/** Side of its input in pixels, a multiple of 32. */
export const TINY_SIZE = 416;

/** Mean colour of what it was trained on. */
const MEAN = [117.001, 114.697, 97.404];

/** Anchors in cells. */
const ANCHORS = [
  [1.603231, 2.094468],
  [6.041143, 7.080126],
  [2.882459, 3.518061],
  [4.266906, 5.178857],
  [9.041765, 10.66308],
] as const;

/**
 * A small YOLOv2 for faces (Redmon & Farhadi 2017) with separable convolutions.
 * @param pictures `[N, 3, S, S]`, 0…255, S a multiple of 32
 */
export function tinyFaceDetector(layers: FaceApiLayers, pictures: Value): FaceCandidates {
  const mean = layers.graph.constant(tensor(MEAN, [3, 1, 1]));
  let x = mul(sub(pictures, mean), 1 / 255);
  for (let i = 0; i < 6; i++) {
    const sum =
      i === 0
        ? layers.conv(x, "conv0/filters", "conv0/bias", { padding: "valid" })
        : layers.separable(x, `conv${i}`, { padding: [1, 1, 1, 1] });
    x = layers.maxPool(leakyRelu(sum, 0.1), 2, { stride: i < 5 ? 2 : 1 });
  }
  return decode(layers.conv(x, "conv8/filters", "conv8/bias"), pictures.dims[2]);
}

/** Centres within their cells by the logistic function, sizes as e^t anchors. */
function decode(raw: Value, size: number): FaceCandidates {
  const { graph } = raw;
  const [n, , rows, columns] = raw.dims;
  const stride = size / rows;
  const answers = reshape(transpose(raw, [0, 2, 3, 1]), [n, rows * columns, ANCHORS.length, 5]);
  const part = (i: number) => slice(answers, 3, i, i + 1);
  const cells = (of: (cell: number) => number) =>
    graph.constant(
      tensor(
        Array.from({ length: rows * columns }, (_, cell) => of(cell)),
        [1, rows * columns, 1, 1],
      ),
    );
  const sides = (axis: 0 | 1) =>
    graph.constant(
      tensor(
        ANCHORS.map((anchor) => anchor[axis]),
        [1, 1, ANCHORS.length, 1],
      ),
    );
  const along = (axis: 0 | 1, first: Value) => {
    const centre = mul(add(sigmoid(part(axis)), first), stride);
    const half = mul(mul(exp(part(axis + 2)), sides(axis)), stride / 2);
    return [sub(centre, half), add(centre, half)];
  };
  const [left, right] = along(
    0,
    cells((cell) => cell % columns),
  );
  const [top, bottom] = along(
    1,
    cells((cell) => Math.floor(cell / columns)),
  );
  const count = rows * columns * ANCHORS.length;
  return {
    boxes: reshape(concat([left, top, right, bottom], 3), [n, count, 4]),
    scores: reshape(sigmoid(part(4)), [n, 1, count]),
  };
}
