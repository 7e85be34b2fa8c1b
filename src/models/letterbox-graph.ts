import { tensor } from "../core/index.ts";
import { letterboxFill } from "../data/index.ts";
import {
  add,
  cast,
  concat,
  div,
  floor,
  type Graph,
  gather,
  maximum,
  minimum,
  mul,
  padTo,
  reshapeTo,
  resizeLinear,
  shapeOf,
  sub,
  transpose,
  unsqueeze,
  type Value,
} from "../graph/index.ts";

/** A picture fitted into a net's input, and what is needed to map boxes back. */
export interface Letterboxed {
  /** `[1, 3, height, width]`, 0…255. */
  pictures: Value;
  /** Size of the original, float scalars. */
  width: Value;
  height: Value;
  /** Pixels of the input per pixel of the original, float scalars. */
  scaleX: Value;
  scaleY: Value;
  /** Left and top margin in input pixels, float scalars. */
  padX: Value;
  padY: Value;
}

/**
 * Letterboxing as part of the graph: a uint8 picture `[height, width, 3]` of any size is scaled to fit the
 * input (linear, antialiased), centred, and surrounded by grey, or by another intensity `border`. The same rounding as
 * geometry's `letterbox`.
 */
export function letterboxGraph(
  image: Value,
  input: { width: number; height: number },
  border: number = letterboxFill,
): Letterboxed {
  const { graph } = image;
  const shape = cast(shapeOf(image), "float64"); // in float32 some sizes round the other way
  const exact = { height: pick(shape, 0), width: pick(shape, 1) };
  const factor = (side: "width" | "height") => div(graph.scalar(input[side], "float64"), exact[side]);
  const scale = minimum(factor("width"), factor("height"));
  const fitted = (side: "width" | "height") =>
    cast(minimum(maximum(floor(add(mul(exact[side], scale), 0.5)), 1), input[side]), "float32");
  const newWidth = fitted("width");
  const newHeight = fitted("height");
  const width = cast(exact.width, "float32");
  const height = cast(exact.height, "float32");
  const padX = floor(mul(sub(input.width, newWidth), 0.5));
  const padY = floor(mul(sub(input.height, newHeight), 0.5));

  const planes = unsqueeze(transpose(image, [2, 0, 1]), [0]); // [1, 3, height, width]
  const sizes = concat([graph.integers([1, 3]), int64(newHeight), int64(newWidth)], 0);
  const resized = resizeLinear(planes, sizes, [1, 3, "fitted_height", "fitted_width"]);
  const zero = graph.integers([0, 0]);
  const before = [int64(padY), int64(padX)];
  const after = [
    int64(sub(sub(input.height, newHeight), padY)),
    int64(sub(sub(input.width, newWidth), padX)),
  ];
  const target = [1, 3, input.height, input.width];
  const fill = graph.constant(tensor([border], [], "uint8"));
  const padded = padTo(resized, concat([zero, ...before, zero, ...after], 0), fill, target);
  return {
    pictures: reshapeTo(padded, graph.integers(target), target),
    width,
    height,
    scaleX: div(newWidth, width),
    scaleY: div(newHeight, height),
    padX,
    padY,
  };
}

function pick(list: Value, index: number): Value {
  return gather(list, scalarIndex(list.graph, index));
}

function scalarIndex(graph: Graph, index: number): Value {
  return graph.scalar(index, "int64");
}

function int64(scalar: Value): Value {
  return cast(unsqueeze(scalar, [0]), "int64");
}
