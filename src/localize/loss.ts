import {
  add,
  div,
  logSoftmax,
  maximum,
  mul,
  neg,
  reduceMean,
  reduceSum,
  reshape,
  sigmoid,
  softmax,
  split,
  sub,
  type Value,
} from "../graph/index.ts";
import { binaryCrossEntropy, boxIou, softmaxCrossEntropy, squaredError } from "../nn/index.ts";
import type { Objective } from "../train/index.ts";
import { type LocalizationAnswer, type LocalizationCells, meanAnswer } from "./net.ts";

/**
 * How an answer is compared with its target.
 *
 * - `mixed`: logistic loss for Pc, squared error for the box, log-likelihood of a softmax for the classes.
 * - `squared`: squared errors of all components of the answer, [σ(Pc), bx, by, bh, bw, softmax(c)].
 * - `iou`: as `mixed`, but 1 − distance IoU (Zheng et al. 2020) for the box, which counts errors by the object's size.
 */
export type LocalizationLoss = "mixed" | "squared" | "iou";

/** What a box's squared errors are measured in. */
export type BoxUnit = "picture" | "object";

/** Names that a box unit may have. */
export const boxUnits: readonly BoxUnit[] = ["picture", "object"];

/** Shorter sides of an object, in fractions of the picture, measure no errors: slivers would outweigh all else. */
const LEAST_UNIT = 0.08;

/** Names that `loss` may have. */
export const lossNames: readonly LocalizationLoss[] = ["mixed", "squared", "iou"];

/**
 * The mean loss over N pictures. Where a target's Pc is 0, all but Pc is "don't care": multiplied by 0, so it enters
 * neither the loss nor, exactly, the gradient.
 *
 * @param targets `[N, 5 + classes]`: Pc, bx, by, bh, bw, classes one-hot
 * @param boxUnit what a box's squared errors are measured in: fractions of the picture, as they are defined, or of the
 *   object's own sides, by which thin and small objects are asked for as exactly as large ones
 * @returns the loss, and its parts as reports
 */
export function localizationLoss(
  answer: LocalizationAnswer,
  targets: Value,
  kind: LocalizationLoss,
  boxUnit: BoxUnit = "picture",
): Objective {
  const [n, k] = answer.classes.dims;
  const [present, cx, cy, height, width, classes] = split(targets, 1, [1, 1, 1, 1, 1, k]);
  const truth = { cx, cy, width, height };
  const { presence, box } = answer;
  const overlap = boxIou(box, truth, "diou");
  const squared = (["cx", "cy", "height", "width"] as const)
    .map((component) => {
      const error = squaredError(box[component], truth[component]);
      if (boxUnit === "picture") return error;
      const unit = maximum(component === "cx" || component === "width" ? width : height, LEAST_UNIT);
      return div(error, mul(unit, unit));
    })
    .reduce(add);
  const parts = {
    presence:
      kind === "squared" ? squaredError(sigmoid(presence), present) : binaryCrossEntropy(presence, present),
    box: kind === "iou" ? sub(1, overlap.variant) : squared,
    class:
      kind === "squared"
        ? reduceSum(squaredError(softmax(answer.classes, 1), classes), [1])
        : reshape(softmaxCrossEntropy(answer.classes, classes), [n, 1]),
  };
  const cared = { ...parts, box: mul(present, parts.box), class: mul(present, parts.class) };
  const mean = (values: Value) => reduceMean(values, undefined, false);
  const [ofPresence, ofBox, ofClass] = [cared.presence, cared.box, cared.class].map(mean);
  return {
    loss: add(add(ofPresence, ofBox), ofClass),
    reports: { presence: ofPresence, box: ofBox, class: ofClass },
  };
}

/** Deviation of where a net should look, in shares of the object's sides; half a cell at least. */
const LOOK_DEVIATION = 0.15;

/** What it counts where the net looks, beside what it says. */
const LOOK_WEIGHT = 0.3;

/**
 * What training minimises: the loss of the net's answer, and besides
 *
 * - the same loss of what the cells about the object's centre say, which learn from the first step on, when the net does
 *   not know yet where to look and each of its cells has a hundredth of the gradient;
 * - the cross entropy of the cells' weights against a normal distribution about that centre (after Nibali et al. 2018,
 *   "Numerical coordinate regression").
 *
 * What is "don't care" in the loss is so in all of them.
 *
 * @param targets, boxUnit as of {@link localizationLoss}; the reports are those of the net's own answer
 */
export function trainingObjective(
  cells: LocalizationCells,
  targets: Value,
  kind: LocalizationLoss,
  boxUnit: BoxUnit,
): Objective {
  const wanted = lookWeights(cells, targets);
  const own = localizationLoss(meanAnswer(cells, softmax(cells.worth, 2)), targets, kind, boxUnit);
  const shown = localizationLoss(meanAnswer(cells, wanted), targets, kind, boxUnit);
  const look = lookLoss(cells, wanted, targets);
  return {
    loss: add(add(own.loss, shown.loss), mul(look, LOOK_WEIGHT)),
    reports: { ...own.reports, look },
  };
}

/** Where to look, `[N, 1, cells]`: about the object's centre, or everywhere alike where there is none. */
function lookWeights({ x, y, columns, rows }: LocalizationCells, targets: Value): Value {
  const { present, cx, cy, width, height } = eachAs(targets, [targets.dims[0], 1, 1]);
  const squares = (centres: Value, centre: Value, side: Value, count: number) => {
    const z = div(sub(centres, centre), maximum(mul(side, LOOK_DEVIATION), 0.5 / count));
    return mul(z, z); // [N, 1, cells]
  };
  const distance = add(squares(x, cx, width, columns), squares(y, cy, height, rows));
  return softmax(mul(distance, mul(present, -0.5)), 2);
}

/** Mean cross entropy of the cells' worth against where to look; none where there is no object. */
function lookLoss({ worth }: LocalizationCells, wanted: Value, targets: Value): Value {
  const { present } = eachAs(targets, [targets.dims[0], 1, 1]);
  const entropy = neg(reduceSum(mul(wanted, logSoftmax(worth, 2)), [2]));
  return reduceMean(mul(present, entropy), undefined, false);
}

/** The components of targets before the classes, in another shape. */
function eachAs(targets: Value, shape: readonly number[]) {
  const classes = targets.dims[1] - 5;
  const parts = split(targets, 1, [1, 1, 1, 1, 1, classes]).slice(0, 5);
  const [present, cx, cy, height, width] = parts.map((part) => reshape(part, shape));
  return { present, cx, cy, height, width };
}
