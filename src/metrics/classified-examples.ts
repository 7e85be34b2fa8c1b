import { FoveaError } from "../core/index.ts";

/** Examples to evaluate a classifier on. */
export interface ClassifiedExamples {
  /** The K class names; a class's index is its place. */
  classes: readonly string[];
  /** Index of each example's class, [N]. */
  truths: ArrayLike<number>;
  /** How probable each class is for each example, [N, K] row by row; rows sum to 1. */
  probabilities: Float32Array;
}

/** How far a row of probabilities may be from the sum 1; half precision stays well below. */
const tolerance = 0.01;

/**
 * Checks that there are examples, each of a known class, with a row of probabilities.
 *
 * @throws FoveaError `examples-empty`, `probabilities-length`, `class-index`, `probability`
 */
export function requireClassified({ classes, truths, probabilities }: ClassifiedExamples): void {
  const count = truths.length;
  if (count === 0) {
    throw new FoveaError("examples-empty", "There are no examples to evaluate; give at least one.");
  }
  for (let i = 0; i < count; i++) requireClass(truths[i], i, classes.length);
  if (probabilities.length !== count * classes.length) {
    throw new FoveaError(
      "probabilities-length",
      `There are ${probabilities.length} probabilities, but ${count} examples of ${classes.length} classes ` +
        `need ${count * classes.length}, one row for each example.`,
    );
  }
  for (let i = 0; i < count; i++) requireDistribution(probabilities, i, classes.length);
}

function requireClass(truth: number, example: number, classes: number): void {
  if (Number.isInteger(truth) && truth >= 0 && truth < classes) return;
  throw new FoveaError(
    "class-index",
    `Example ${example} has class index ${truth}, but there are ${classes} classes, counted from 0.`,
  );
}

function requireDistribution(probabilities: Float32Array, example: number, classes: number): void {
  let sum = 0;
  for (let k = 0; k < classes; k++) {
    const probability = probabilities[example * classes + k];
    if (!Number.isFinite(probability) || probability < 0) {
      throw new FoveaError(
        "probability",
        `Example ${example} has probability ${probability} for class ${k}; probabilities are finite numbers ` +
          "from 0 to 1, such as a softmax gives.",
      );
    }
    sum += probability;
  }
  if (Math.abs(sum - 1) > tolerance) {
    throw new FoveaError(
      "probability",
      `The probabilities of example ${example} sum to ${sum.toPrecision(4)}, not 1; give those after the softmax.`,
    );
  }
}
