import {
  cast,
  div,
  equal,
  expand,
  greaterOrEqual,
  maximum,
  mul,
  reduceSum,
  reshape,
  slice,
  type Value,
} from "../../graph/index.ts";
import { binaryCrossEntropy, huberLoss, softmaxCrossEntropy } from "../../nn/index.ts";

/** From this difference on the loss of a code grows linearly: 1 in Fast R-CNN, 1/9 in the RPN and in torchvision. */
export const SMOOTH_L1_BETA: number = 1 / 9;

/** What the region proposal net answers, and what it should. */
export interface RpnAnswers {
  /** Logits `[N, B]` of "an object" at each anchor. */
  objectness: Value;
  /** Codes of boxes `[N, B, 4]`. */
  codes: Value;
  /** `[N, B]`: 1 an object's, 0 background, −1 not drawn: enters neither loss nor gradient. */
  labels: Value;
  /** Codes of the objects `[N, B, 4]`; anything finite where the label is not 1. */
  targets: Value;
}

/** The two parts of a loss, both scalars. */
export interface DetectionLoss {
  classes: Value;
  boxes: Value;
}

/**
 * The region proposal net's loss (Ren et al. 2015, eq. 1): logistic loss of the drawn anchors, smooth L1 of the
 * objects' codes, both over the number of drawn anchors.
 */
export function rpnLoss(answers: RpnAnswers, beta: number = SMOOTH_L1_BETA): DetectionLoss {
  const { objectness, codes, labels, targets } = answers;
  const drawn = cast(greaterOrEqual(labels, 0), "float32");
  const positive = cast(equal(labels, 1), "float32");
  const count = maximum(total(drawn), 1);
  const box = reduceSum(smoothL1(codes, targets, beta), [2], false); // [N, B]
  return {
    classes: div(total(mul(drawn, binaryCrossEntropy(objectness, positive))), count),
    boxes: div(total(mul(positive, box)), count),
  };
}

/** What the heads answer for regions, and what they should; the class 0 is the background. */
export interface HeadAnswers {
  /** Logits `[R, 1 + classes]`. */
  logits: Value;
  /** Codes of a box for each class `[R, (1 + classes) × 4]`; those of the background are not used. */
  codes: Value;
  /** One-hot `[R, 1 + classes]`; rows of zeros are regions that only fill up the batch. */
  labels: Value;
  /** Codes of the objects `[R, 4]`; anything finite where the region is background. */
  targets: Value;
}

/**
 * The heads' loss (Girshick 2015, eq. 1): cross entropy of the classes, smooth L1 of the codes of the true class, the
 * background's left out, both over the number of regions.
 */
export function headLoss(answers: HeadAnswers, beta: number = SMOOTH_L1_BETA): DetectionLoss {
  const { logits, codes, labels, targets } = answers;
  const [regions, classes] = logits.dims;
  const count = maximum(total(labels), 1);
  const shape = [regions, classes, 4];
  const wanted = expand(reshape(targets, [regions, 1, 4]), shape);
  const differences = smoothL1(reshape(codes, shape), wanted, beta);
  const box = slice(reduceSum(differences, [2], false), 1, 1, classes); // [R, classes]
  return {
    classes: div(total(softmaxCrossEntropy(logits, labels)), count),
    boxes: div(total(mul(slice(labels, 1, 1, classes), box)), count),
  };
}

/** Squared below β, linear above, steadily joined: |d| − β/2, or d²/2β. */
function smoothL1(prediction: Value, target: Value, beta: number): Value {
  return mul(huberLoss(prediction, target, beta), 1 / beta);
}

function total(x: Value): Value {
  return reduceSum(x, undefined, false);
}
