import { FoveaError } from "../core/index.ts";
import {
  abs,
  add,
  atan,
  clip,
  div,
  greater,
  log,
  logSoftmax,
  maximum,
  minimum,
  mul,
  neg,
  pow,
  reduceSum,
  relu,
  sigmoid,
  softplus,
  stopGradient,
  sub,
  type Value,
  where,
} from "../graph/index.ts";

/**
 * A loss compares element by element: of other shapes, broadcasting would compare each with each and give a number all the
 * same. Dimensions that are known at run time only agree with any.
 */
function requireSameShape(loss: string, pair: Readonly<Record<string, Value>>): void {
  const [[nameA, a], [nameB, b]] = Object.entries(pair);
  const isKnown = (i: number) => typeof a.shape[i] === "number" && typeof b.shape[i] === "number";
  if (a.rank === b.rank && a.shape.every((dim, i) => dim === b.shape[i] || !isKnown(i))) return;
  throw new FoveaError(
    "shape-mismatch",
    `${loss}: \`${nameA}\` [${a.shape}] and \`${nameB}\` [${b.shape}] must have one shape; reshape one of them.`,
  );
}

/**
 * Logistic loss per element of logits z against targets t in [0, 1]: −t·ln σ(z) − (1 − t)·ln(1 − σ(z)),
 * as softplus(z) − z·t, which cannot overflow and whose gradient is σ(z) − t everywhere.
 */
export function binaryCrossEntropy(logits: Value, targets: Value): Value {
  requireSameShape("binaryCrossEntropy", { logits, targets });
  return sub(softplus(logits), mul(logits, targets));
}

/**
 * Varifocal loss (Zhang et al. 2021, VarifocalNet, eq. 2) per element of logits z against qualities q in [0, 1],
 * for example the IoU that a box reaches: the logistic loss weighted by q where q > 0, by α·σ(z)^γ where q = 0.
 * Finds of high quality weigh most, easy background least.
 */
export function varifocalLoss(
  logits: Value,
  quality: Value,
  { alpha = 0.75, gamma = 2 }: { alpha?: number; gamma?: number } = {},
): Value {
  requireSameShape("varifocalLoss", { logits, quality });
  const probability = sigmoid(logits);
  const power = gamma === 2 ? mul(probability, probability) : pow(probability, gamma);
  const weight = where(greater(quality, 0), quality, mul(power, alpha));
  return mul(weight, binaryCrossEntropy(logits, quality));
}

/** Boxes as four tensors of one shape: centre and size. */
export interface BoxTensors {
  cx: Value;
  cy: Value;
  width: Value;
  height: Value;
}

/** Which measure of agreement between boxes to train by. */
export type IouKind = "iou" | "giou" | "diou" | "ciou";

const iouKinds: readonly IouKind[] = ["iou", "giou", "diou", "ciou"];

/** IoU per element of two sets of boxes, and the variant that the loss 1 − variant trains by. */
export interface IouTensors {
  iou: Value;
  variant: Value;
}

/**
 * Intersection over union, and one of its variants with a gradient where boxes do not meet: generalised
 * (Rezatofighi et al. 2019), distance or complete (Zheng et al. 2020).
 */
export function boxIou(a: BoxTensors, b: BoxTensors, kind: IouKind = "diou", epsilon = 1e-7): IouTensors {
  requireSameShape("boxIou", { "a.cx": a.cx, "b.cx": b.cx });
  if (!iouKinds.includes(kind)) {
    throw new FoveaError(
      "argument-range",
      `boxIou: \`kind\` (="${kind}") must be one of ${iouKinds.join(", ")}.`,
    );
  }
  const [ax, bx] = [corners(a.cx, a.width), corners(b.cx, b.width)];
  const [ay, by] = [corners(a.cy, a.height), corners(b.cy, b.height)];
  const overlap = (p: Span, q: Span) => relu(sub(minimum(p.high, q.high), maximum(p.low, q.low)));
  const hull = (p: Span, q: Span) => sub(maximum(p.high, q.high), minimum(p.low, q.low));
  const intersection = mul(overlap(ax, bx), overlap(ay, by));
  const union = sub(add(mul(a.width, a.height), mul(b.width, b.height)), intersection);
  const iou = div(intersection, add(union, epsilon));
  if (kind === "iou") return { iou, variant: iou };

  const [hullX, hullY] = [hull(ax, bx), hull(ay, by)];
  if (kind === "giou") {
    const area = add(mul(hullX, hullY), epsilon);
    return { iou, variant: sub(iou, div(sub(area, union), area)) };
  }
  const square = (x: Value) => mul(x, x);
  const diagonal = add(add(square(hullX), square(hullY)), epsilon);
  const distance = add(square(sub(a.cx, b.cx)), square(sub(a.cy, b.cy)));
  const diou = sub(iou, div(distance, diagonal));
  if (kind === "diou") return { iou, variant: diou };

  const angle = (box: BoxTensors) => atan(div(box.width, add(box.height, epsilon)));
  const v = mul(square(sub(angle(b), angle(a))), 4 / Math.PI ** 2);
  const weight = stopGradient(div(v, add(sub(add(v, 1), iou), epsilon)));
  return { iou, variant: sub(diou, mul(weight, v)) };
}

interface Span {
  low: Value;
  high: Value;
}

function corners(centre: Value, size: Value): Span {
  const half = mul(size, 0.5);
  return { low: sub(centre, half), high: add(centre, half) };
}

/** Categorical cross entropy of probabilities p against one-hot targets: −t·ln p of each element, not summed over classes. */
export function crossEntropy(probabilities: Value, targets: Value): Value {
  requireSameShape("crossEntropy", { probabilities, targets });
  return neg(mul(targets, log(clip(probabilities, 1e-12, 1))));
}

/**
 * Cross entropy of logits `[N, classes, …]` against one-hot (or soft) targets of the same shape: −Σ t·ln softmax(z), of
 * shape `[N, 1, …]`. With label smoothing s the target is (1 − s)·t + s/classes (Szegedy et al. 2016).
 */
export function softmaxCrossEntropy(logits: Value, targets: Value, labelSmoothing = 0): Value {
  requireSameShape("softmaxCrossEntropy", { logits, targets });
  const logProbabilities = logSoftmax(logits, 1);
  const classes = logits.dims[1];
  const smoothed = labelSmoothing ? add(mul(targets, 1 - labelSmoothing), labelSmoothing / classes) : targets;
  return neg(reduceSum(mul(smoothed, logProbabilities), [1]));
}

/**
 * Focal loss (Lin et al. 2017) per element of logits against targets 0 or 1: the logistic loss weighted by
 * (1 − p)^γ, p the probability of the truth, and by α for ones, 1 − α for zeros.
 */
export function focalLoss(
  logits: Value,
  targets: Value,
  { alpha = 0.25, gamma = 2 }: { alpha?: number; gamma?: number } = {},
): Value {
  requireSameShape("focalLoss", { logits, targets });
  const probability = sigmoid(logits);
  // 1 − p of the truth: |t − σ(z)| for targets 0 and 1
  const miss = abs(sub(targets, probability));
  const weight = gamma === 2 ? mul(miss, miss) : pow(miss, gamma);
  const balance = add(mul(targets, 2 * alpha - 1), 1 - alpha);
  return mul(mul(balance, weight), binaryCrossEntropy(logits, targets));
}

/** Huber's loss per element: ½d² up to |d| = δ, beyond it δ·(|d| − ½δ) (Huber 1964; "smooth L1" with δ = 1). */
export function huberLoss(prediction: Value, target: Value, delta = 1): Value {
  requireSameShape("huberLoss", { prediction, target });
  const distance = abs(sub(prediction, target));
  const inner = minimum(distance, delta);
  return mul(inner, sub(distance, mul(inner, 0.5)));
}

/**
 * Wing loss per element (Feng et al. 2018, "Wing loss for robust facial landmark localisation", eq. 5): w·ln(1 + |d|/ε) below
 * |d| = w, beyond it |d| − C, with the C that joins both. Small errors have a large gradient, up to w/ε.
 *
 * @param width w, in the unit of the differences
 * @param curvature ε
 */
export function wingLoss(prediction: Value, target: Value, width = 10, curvature = 2): Value {
  requireSameShape("wingLoss", { prediction, target });
  const distance = abs(sub(prediction, target));
  const inner = minimum(distance, width);
  return add(mul(log(add(mul(inner, 1 / curvature), 1)), width), sub(distance, inner));
}

/** Squared difference per element. */
export function squaredError(prediction: Value, target: Value): Value {
  requireSameShape("squaredError", { prediction, target });
  const difference = sub(prediction, target);
  return mul(difference, difference);
}
