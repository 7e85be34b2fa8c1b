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
import { alignLabels } from "./align-labels.ts";
import type { Classification, Classifier } from "./classifier.ts";

/** What evaluation may be given besides the classifier and the examples. */
export interface EvaluateOptions {
  /** Keeps decoded pictures, for those who measure again and again. */
  memory?: PictureMemory;
  /**
   * Names of the examples' classes by index, a data set's `classes`: the examples are then matched with the classifier's
   * classes by name. Without them their indices must be the classifier's own.
   */
  classes?: readonly string[];
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
 * Measures a classifier on labelled examples. Give the `classes` of a data set that it was not trained on: there the same
 * number may be another class.
 * @throws FoveaError `kind-mismatch`, `shape-mismatch`, `classes-differ`, and `examples-empty` where none can be read
 */
export async function evaluateClassifier(
  classifier: Classifier,
  examples: readonly (ClassifiedPicture | ClassifiedArray)[],
  { classes, memory = new PictureMemory(0), onProgress, onProblem, signal }: EvaluateOptions = {},
): Promise<ClassifierEvaluation> {
  const takesPictures = classifier.card.kind === "pictures";
  // Of another kind of examples the classifier says so itself.
  const isOfKind = examples.every((example) => "values" in example !== takesPictures);
  const known = isOfKind
    ? alignLabels(examples, classes ?? classifier.classes, classifier.classes)
    : examples;
  const answered: ClassifierEvaluation["examples"] = [];
  for (const [i, example] of known.entries()) {
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

/** An example that was taken for something else. */
export interface Mistake {
  /** Name of the example: its file, or its file and line. */
  id: string;
  /** Class that it is of. */
  label: string;
  /** Class that it was taken for. */
  said: string;
  /** Probability of that. */
  score: number;
}

/** The examples that were taken for something else, in their order. */
export function mistakesOf({ examples, perClass }: ClassifierEvaluation): Mistake[] {
  return examples.flatMap(({ id, classIndex, probabilities }) => {
    const score = Math.max(...probabilities);
    const said = probabilities.indexOf(score);
    if (said === classIndex) return [];
    return [{ id, label: perClass[classIndex].name, said: perClass[said].name, score }];
  });
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
