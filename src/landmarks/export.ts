import { type Tensor, tensor } from "../core/index.ts";
import { letterboxFill } from "../data/index.ts";
import {
  add,
  cast,
  concat,
  encodeModel,
  Graph,
  maximum,
  mul,
  reshape,
  roiAlign,
  sigmoid,
  split,
  storeAsFloat16,
  sub,
  transpose,
  unsqueeze,
  type Value,
} from "../graph/index.ts";
import { cardToMetadata } from "../models/index.ts";
import { Scope } from "../nn/index.ts";
import type { LandmarkCard } from "./model-card.ts";
import { landmarkNet } from "./net.ts";
import type { Recipe } from "./recipe.ts";

/**
 * The file that ships: a uint8 picture `image` `[height, width, 3]` of any size and the `box` `[4]` (corners in pixels) of
 * the thing in, around which it cuts a square with the margin that it was trained with; out come `points` `[K, 2]` (pixels
 * of that picture), `scores` `[K]` (of each point being there) and `presence` `[1]` (of the thing). Parameters are stored
 * as float16.
 */
export function exportLandmarker(
  recipe: Recipe,
  values: ReadonlyMap<string, Tensor>,
  card: LandmarkCard,
): Uint8Array {
  const graph = new Graph();
  const { side, margin, points: count } = recipe;
  const image = graph.input("image", ["height", "width", 3], "uint8");
  const region = regionGraph(graph.input("box", [4]), margin);
  const planes = cast(unsqueeze(transpose(image, [2, 0, 1]), [0]), "float32"); // [1, 3, height, width]
  // What lies beyond the picture is 0 to RoiAlign, which is to be the grey that surrounded the training pictures.
  const shifted = sub(planes, letterboxFill);
  const first = graph.constant(tensor([0], [1], "int64"));
  const square = { outputHeight: side, outputWidth: side, samplingRatio: 0 }; // as many samples as there are pixels
  const pictures = add(roiAlign(shifted, region.corners, first, square), letterboxFill);
  const answer = landmarkNet(new Scope(graph, { values }), pictures, recipe);
  const outputs = {
    points: reshape(add(mul(answer.points, region.side), region.origin), [count, 2]),
    scores: reshape(sigmoid(answer.seen), [count]),
    presence: reshape(sigmoid(answer.present), [1]),
  };
  return encodeModel({ outputs: storeAsFloat16(outputs).outputs, metadata: cardToMetadata(card) });
}

/** The square around a box `[4]` as corners `[1, 4]`, its upper left one `[1, 1, 2]`, and its side `[1, 1, 1]`. */
function regionGraph(box: Value, margin: number): { corners: Value; origin: Value; side: Value } {
  const [x1, y1, x2, y2] = split(reshape(box, [1, 4]), 1, [1, 1, 1, 1]);
  const side = mul(maximum(maximum(sub(x2, x1), sub(y2, y1)), 1), 1 + 2 * margin);
  const start = (low: Value, high: Value) => sub(mul(add(low, high), 0.5), mul(side, 0.5));
  const [left, top] = [start(x1, x2), start(y1, y2)];
  return {
    corners: concat([left, top, add(left, side), add(top, side)], 1),
    origin: reshape(concat([left, top], 1), [1, 1, 2]),
    side: reshape(side, [1, 1, 1]),
  };
}
