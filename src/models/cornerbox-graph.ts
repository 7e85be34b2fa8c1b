import { tensor } from "../core/index.ts";
import {
  add,
  cast,
  concat,
  div,
  floor,
  gather,
  maximum,
  mul,
  padTo,
  Resize,
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
 * @param side of the net's input in pixels
 */
export function cornerboxGraph(image: Value, side: number): Letterboxed {
  const { graph } = image;
  const shape = cast(shapeOf(image), "float32");
  const [height, width] = [0, 1].map((i) => gather(shape, graph.scalar(i, "int64")));
  const longer = maximum(height, width);
  const planes = unsqueeze(transpose(image, [2, 0, 1]), [0]); // [1, 3, height, width]
  const missing = [height, width].map((length) => cast(unsqueeze(sub(longer, length), [0]), "int64"));
  const pads = concat([graph.integers([0, 0, 0, 0, 0, 0]), ...missing], 0);
  const black = graph.constant(tensor([0], [], "uint8"));
  const square = padTo(planes, pads, black, [1, 3, "side", "side"]);
  const attributes = { mode: "linear", coordinate_transformation_mode: "asymmetric" };
  const target = [1, 3, side, side];
  // As float32, because ONNX Runtime cuts the decimals of bytes off.
  const inputs = [cast(square, "float32"), undefined, undefined, graph.integers(target)];
  const [pictures] = graph.apply(Resize, inputs, attributes, [target]);
  const fitted = (length: Value) => floor(add(div(mul(length, side), longer), 0.5));
  const none = graph.scalar(0);
  return {
    pictures,
    width,
    height,
    scaleX: div(fitted(width), width),
    scaleY: div(fitted(height), height),
    padX: none,
    padY: none,
  };
}
