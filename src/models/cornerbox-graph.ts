import { tensor } from "../core/index.ts";
import {
  abs,
  add,
  cast,
  div,
  floor,
  gather,
  maximum,
  minimum,
  mul,
  reduceSum,
  reshape,
  shapeOf,
  sub,
  transpose,
  unsqueeze,
  type Value,
} from "../graph/index.ts";
import type { Letterboxed } from "./letterbox-graph.ts";

/**
 * A uint8 picture `[height, width, 3]` of any size in the upper left corner of a black square, which is scaled to the
 * net's input without smoothing, float32 `[1, 3, side, side]`: how face-api prepares pictures for its detectors.
 *
 * The square is never made: each pixel of the input is the weighted sum of four pixels, and only these are taken from the
 * picture, as bytes. A long picture's square would be many times its size.
 *
 * @param side of the net's input in pixels
 */
export function cornerboxGraph(image: Value, side: number): Letterboxed {
  const { graph } = image;
  const shape = cast(shapeOf(image), "float64"); // float32 has no room for parts of a pixel in long pictures
  const [height, width] = [0, 1].map((i) => gather(shape, graph.scalar(i, "int64")));
  const longer = maximum(height, width);
  const rows = neighbours(height, longer, side);
  const columns = neighbours(width, longer, side);
  const taken = gather(gather(image, rows.places), columns.places, 1); // [2 side, 2 side, 3]
  const planes = cast(transpose(taken, [2, 0, 1]), "float32");
  const weighted = mul(mul(planes, unsqueeze(rows.weights, [1])), columns.weights);
  const sums = reduceSum(reshape(weighted, [3, side, 2, side, 2]), [2, 4], false);
  const fitted = (length: Value) => floor(add(div(mul(length, side), longer), 0.5));
  const scale = (length: Value) => cast(div(fitted(length), length), "float32");
  const none = graph.scalar(0);
  return {
    pictures: unsqueeze(sums, [0]),
    width: cast(width, "float32"),
    height: cast(height, "float32"),
    scaleX: scale(width),
    scaleY: scale(height),
    padX: none,
    padY: none,
  };
}

/**
 * Along one axis, the two pixels that each pixel of the net's input lies between, and how much each counts: by linear
 * interpolation, and nothing beyond the picture, where the square is black.
 *
 * @param length of the picture along this axis, a float64 scalar
 * @param longer side of the picture, which becomes `side` pixels
 * @returns int64 and float32 `[2 side]`, neighbours side by side
 */
function neighbours(length: Value, longer: Value, side: number): { places: Value; weights: Value } {
  const { graph } = length;
  const list = (each: (i: number) => number) =>
    graph.constant(
      tensor(
        Array.from({ length: 2 * side }, (_, i) => each(i)),
        undefined,
        "float64",
      ),
    );
  const pixels = list((i) => i >> 1);
  const second = list((i) => i % 2);
  const at = minimum(div(mul(pixels, longer), side), sub(longer, 1));
  const places = add(floor(at), second);
  const nearness = sub(1, abs(sub(at, places)));
  const inside = maximum(minimum(sub(length, places), 1), 0);
  return {
    places: cast(minimum(places, sub(length, 1)), "int64"),
    weights: cast(mul(nearness, inside), "float32"),
  };
}
