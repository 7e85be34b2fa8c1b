import { FoveaError } from "../core/index.ts";
import {
  type ClassifiedArray,
  type ClassifiedPicture,
  type Problem,
  placeOf,
  readPictureBytes,
} from "../data/index.ts";
import { PictureMemory } from "../image/index.ts";
import { type ClassificationEvaluation, evaluateClassification } from "../metrics/index.ts";
import type { Classifier } from "./classifier.ts";

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

/** Measures a classifier on labelled examples, whose classes must be the classifier's in the same order. */
export async function evaluateClassifier(
  classifier: Classifier,
  examples: readonly (ClassifiedPicture | ClassifiedArray)[],
  { memory = new PictureMemory(0), onProgress, onProblem, signal }: EvaluateOptions = {},
): Promise<ClassifierEvaluation> {
  const answered: ClassifierEvaluation["examples"] = [];
  for (const [i, example] of examples.entries()) {
    signal?.throwIfAborted();
    try {
      const { probabilities } =
        "values" in example
          ? await classifier.classifyValues(example.values)
          : await classifier.classify(await memory.get(example.id, () => readPictureBytes(example.bytes)));
      answered.push({ id: example.id, classIndex: example.classIndex, probabilities });
    } catch (error) {
      if (!(error instanceof FoveaError) || !("bytes" in example)) throw error;
      onProblem?.({ kind: "picture-unreadable", file: placeOf(example), detail: error.message });
    }
    onProgress?.(i + 1, examples.length);
  }
  const { classes } = classifier;
  const probabilities = new Float32Array(answered.length * classes.length);
  for (const [i, answer] of answered.entries()) probabilities.set(answer.probabilities, i * classes.length);
  const truths = answered.map(({ classIndex }) => classIndex);
  return {
    ...evaluateClassification({ classes: [...classes], truths, probabilities }),
    examples: answered,
  };
}
