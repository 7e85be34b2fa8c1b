import type { Tensor } from "../core/index.ts";
import {
  add,
  concat,
  div,
  encodeModel,
  Graph,
  maximum,
  minimum,
  mul,
  reshape,
  sigmoid,
  softmax,
  sub,
  type Value,
} from "../graph/index.ts";
import { cardToMetadata, letterboxGraph } from "../models/index.ts";
import { Scope } from "../nn/index.ts";
import type { LocalizerCard } from "./model-card.ts";
import { localizationNet } from "./net.ts";
import type { Recipe } from "./recipe.ts";

/**
 * The file that ships: a uint8 picture `image` `[height, width, 3]` of any size in; out come `presence` `[1]` (Pc),
 * `box` `[4]` (corners in pixels of that picture, within it) and `probabilities` `[classes]`, the last two meant
 * where Pc says that there is something.
 */
export function exportLocalizer(
  recipe: Recipe,
  values: ReadonlyMap<string, Tensor>,
  card: LocalizerCard,
): Uint8Array {
  const graph = new Graph();
  const image = graph.input("image", ["height", "width", 3], "uint8");
  const { input, classes } = recipe;
  const fitted = letterboxGraph(image, input);
  const answer = localizationNet(new Scope(graph, { values }), fitted.pictures, recipe);
  const { cx, cy, width, height } = answer.box;
  const corner = (centre: Value, size: Value, sign: number) => add(centre, mul(size, sign / 2));
  const original = (fraction: Value, side: number, pad: Value, scale: Value, limit: Value) =>
    minimum(maximum(div(sub(mul(fraction, side), pad), scale), 0), limit);
  const along = (sign: number) => [
    original(corner(cx, width, sign), input.width, fitted.padX, fitted.scaleX, fitted.width),
    original(corner(cy, height, sign), input.height, fitted.padY, fitted.scaleY, fitted.height),
  ];
  const outputs = {
    presence: reshape(sigmoid(answer.presence), [1]),
    box: reshape(concat([...along(-1), ...along(1)], 1), [4]),
    probabilities: reshape(softmax(answer.classes, 1), [classes.length]),
  };
  return encodeModel({ outputs, metadata: cardToMetadata(card) });
}
