import { meanOfDefined } from "../core/index.ts";
import { type Calibration, calibrate } from "./calibration.ts";
import { type ClassificationClassResult, classFigures } from "./class-figures.ts";
import { type ClassifiedExamples, requireClassified } from "./classified-examples.ts";

/** All that is known about how well a classifier does. Shares are in [0, 1]. */
export interface ClassificationEvaluation {
  /** Number of examples. */
  count: number;
  /** Share of the examples whose most probable class is theirs; of equally probable ones the first counts. */
  accuracy: number;
  /** Share of the examples whose class is among the 5 most probable ones; 1 with 5 classes or fewer. */
  top5: number;
  /** Mean recall over the classes that occur. */
  balancedAccuracy: number;
  /** Accuracy of always naming the most frequent class. */
  majorityBaseline: number;
  /** Name of the most frequent class, the first of equally frequent ones. */
  majorityClass: string;
  /** Mean of −ln p, with p the probability of an example's class, raised to 1e-15 where it is less. */
  logLoss: number;
  /** Mean F1 over the classes that occur or are named. */
  macroF1: number;
  /** By class, in their order. */
  perClass: ClassificationClassResult[];
  /** What was taken for what: `counts[actual][predicted]`, [K, K], under the names of the classes. */
  confusion: { labels: string[]; counts: number[][] };
  calibration: Calibration;
}

const leastProbability = 1e-15;

/**
 * Evaluates a classifier of examples that each are of one class. Figures of single classes are NaN where
 * there is nothing to divide by, and means leave those out.
 *
 * @throws FoveaError `examples-empty`, `probabilities-length`, `class-index`, `probability`
 */
export function evaluateClassification(examples: ClassifiedExamples): ClassificationEvaluation {
  requireClassified(examples);
  const { truths, probabilities } = examples;
  const labels = [...examples.classes];
  const count = truths.length;
  const counts = labels.map(() => labels.map(() => 0));
  const confidences = new Float64Array(count);
  const right = new Array<boolean>(count);
  let hits = 0;
  let among5 = 0;
  let logLoss = 0;
  for (let i = 0; i < count; i++) {
    const truth = truths[i];
    const row = probabilities.subarray(i * labels.length, (i + 1) * labels.length);
    const predicted = mostProbable(row);
    counts[truth][predicted]++;
    confidences[i] = row[predicted];
    right[i] = predicted === truth;
    if (right[i]) hits++;
    if (rankOf(truth, row) < 5) among5++;
    logLoss -= Math.log(Math.min(Math.max(row[truth], leastProbability), 1)) / count;
  }
  const perClass = classFigures(labels, counts);
  const majority = perClass.reduce((most, one) => (one.count > most.count ? one : most));
  return {
    count,
    accuracy: hits / count,
    top5: among5 / count,
    balancedAccuracy: meanOfDefined(perClass.map(({ recall }) => recall)),
    majorityBaseline: majority.count / count,
    majorityClass: majority.name,
    logLoss,
    macroF1: meanOfDefined(perClass.map(({ f1 }) => f1)),
    perClass,
    confusion: { labels, counts },
    calibration: calibrate(confidences, right),
  };
}

/** Index of the largest value, the first of equal ones. */
function mostProbable(row: Float32Array): number {
  let best = 0;
  for (let k = 1; k < row.length; k++) if (row[k] > row[best]) best = k;
  return best;
}

/** Number of classes that come before one: more probable ones, and equally probable ones of lower index. */
function rankOf(classIndex: number, row: Float32Array): number {
  const own = row[classIndex];
  let rank = 0;
  for (let k = 0; k < row.length; k++) if (row[k] > own || (row[k] === own && k < classIndex)) rank++;
  return rank;
}
