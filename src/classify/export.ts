import type { Tensor } from "../core/index.ts";
import { encodeModel, Graph, reshape, softmax } from "../graph/index.ts";
import { cardToMetadata, letterboxGraph } from "../models/index.ts";
import { Scope } from "../nn/index.ts";
import type { ClassifierCard } from "./model-card.ts";
import { classifierLogits } from "./net.ts";
import type { Recipe } from "./recipe.ts";

/** Name of the input by kind. */
export const INPUT_NAMES = { pictures: "image", sequences: "sequence", volumes: "volume" } as const;

/**
 * The file that ships: one example in, `probabilities` `[classes]` out. A picture is uint8 `[height, width, 3]` of any
 * size, sequences and volumes are float32 in their own shape `[channels, …]`; all preparation is inside.
 */
export function exportClassifier(
  recipe: Recipe,
  values: ReadonlyMap<string, Tensor>,
  card: ClassifierCard,
): Uint8Array {
  const graph = new Graph();
  const { kind, shape, classes } = recipe;
  const [, height, width] = shape;
  const name = INPUT_NAMES[kind];
  const inputs =
    kind === "pictures"
      ? letterboxGraph(graph.input(name, ["height", "width", 3], "uint8"), { width, height }).pictures
      : reshape(graph.input(name, shape), [1, ...shape]);
  const logits = classifierLogits(new Scope(graph, { values }), inputs, recipe);
  const probabilities = reshape(softmax(logits, 1), [classes.length]);
  return encodeModel({ outputs: { probabilities }, metadata: cardToMetadata(card) });
}
