import { Random, type Tensor } from "../../core/index.ts";
import { add, div, maximum, type Value } from "../../graph/index.ts";
import type { Scope } from "../../nn/index.ts";
import type { Objective } from "../../train/index.ts";
import { binaryLoss } from "./binary-head.ts";
import { encodingSpread } from "./distances.ts";
import { HEAD_PATH } from "./export-head.ts";
import type { FaceRecipe } from "./recipe.ts";
import { NOISE, tripletLoss } from "./triplet-loss.ts";

/** Name of the step's input with each face's person, int32 `[B]`. */
export const PEOPLE = "people";

/**
 * What a step minimises, and what it reports: of triplets the share that is active and their mean squared distances, of
 * pairs the mean probabilities, of both how far the encodings spread, and what moving away from the start costs.
 */
export function faceObjective(
  scope: Scope,
  { encodings, stay }: { encodings: Value; stay?: Value },
  recipe: FaceRecipe,
): Objective {
  const people = scope.graph.input(PEOPLE, [encodings.dims[0]], "int32");
  const common = { spread: encodingSpread(encodings), ...(stay && { stay }) };
  const staying = (loss: Value) => (stay ? add(loss, stay) : loss);
  if (recipe.head) {
    const { loss, same, different } = binaryLoss(scope.at(HEAD_PATH), encodings, people, recipe.head);
    return { loss: staying(loss), reports: { same, different, ...common } };
  }
  const { sum, count, active, toPositive, toNegative } = tripletLoss(encodings, people, recipe);
  // As many triplets in every batch: their mean is their sum, but for the learning rate.
  const loss = div(sum, maximum(count, 1));
  return { loss: staying(loss), reports: { active, toPositive, toNegative, ...common } };
}

/** The inputs of a step besides the faces: who they are, and random numbers for the mining. */
export function stepFeeds(people: readonly number[], seed: number, step: number): Record<string, Tensor> {
  const count = people.length;
  const random = new Random(seed, step, 0x9e4);
  return {
    [PEOPLE]: { dtype: "int32", shape: [count], data: Int32Array.from(people) },
    [NOISE]: {
      dtype: "float32",
      shape: [count, count],
      data: Float32Array.from({ length: count * count }, () => random.next()),
    },
  };
}
