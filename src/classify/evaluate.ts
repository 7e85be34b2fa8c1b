import { FoveaError } from "../core/index.ts";
import {
  type ClassifiedArray,
  type ClassifiedPicture,
  type Problem,
  placeOf,
  readPictureBytes,
} from "../data/index.ts";
import { type Picture, PictureMemory } from "../image/index.ts";
import { type ClassificationEvaluation, evaluateClassification } from "../metrics/index.ts";
import type { Classification, Classifier } from "./classifier.ts";

/** What evaluation may be given besides the classifier and the examples. */
export interface EvaluateOptions {
  /** Keeps decoded pictures, for those who measure again and again. */
  memory?: PictureMemory;
  onProgress?: (done: number, total: number) => void;
  /** Hears of examples that cannot be read; they are left out. */
  onProblem?: (problem: Problem) => void;
  signal?: AbortSignal;
}

/** A classifier's figures on labelled examples, and what it said of each. */
export interface ClassifierEvaluation extends ClassificationEvaluation {
  examples: { id: string; classIndex: number; probabilities: Float32Array }[];
}

/**
 * Measures a classifier on labelled examples, whose classes must be the classifier's in the same order.
 * @throws FoveaError `kind-mismatch`, `shape-mismatch`, and `examples-empty` where none can be read
 */
export async function evaluateClassifier(
  classifier: Classifier,
  examples: readonly (ClassifiedPicture | ClassifiedArray)[],
  { memory = new PictureMemory(0), onProgress, onProblem, signal }: EvaluateOptions = {},
): Promise<ClassifierEvaluation> {
  const answered: ClassifierEvaluation["examples"] = [];
  for (const [i, example] of examples.entries()) {
    signal?.throwIfAborted();
    const answer =
      "values" in example
        ? await classifier.classifyValues(example.values)
        : await classifyReadable(classifier, example, memory, onProblem);
    if (answer) {
      const { id, classIndex } = example;
      answered.push({ id, classIndex, probabilities: answer.probabilities });
    }
    onProgress?.(i + 1, examples.length);
  }
  return { ...figuresOf(classifier.classes, answered), examples: answered };
}

/** The figures of answers to labelled examples. */
export function figuresOf(
  classes: readonly string[],
  answers: ClassifierEvaluation["examples"],
): ClassificationEvaluation {
  const probabilities = new Float32Array(answers.length * classes.length);
  for (const [i, answer] of answers.entries()) probabilities.set(answer.probabilities, i * classes.length);
  const truths = answers.map(({ classIndex }) => classIndex);
  return evaluateClassification({ classes, truths, probabilities });
}

/** What a classifier says of a picture; undefined, and a problem, where it cannot be read. */
async function classifyReadable(
  classifier: Classifier,
  example: ClassifiedPicture,
  memory: PictureMemory,
  onProblem: EvaluateOptions["onProblem"],
): Promise<Classification | undefined> {
  let picture: Picture;
  try {
    picture = await memory.get(example.id, () => readPictureBytes(example.bytes));
  } catch (error) {
    if (!(error instanceof FoveaError)) throw error;
    onProblem?.({ kind: "picture-unreadable", file: placeOf(example), detail: error.message });
    return undefined;
  }
  return classifier.classify(picture);
}
