import {
  add,
  div,
  type Graph,
  maximum,
  mul,
  reduceSum,
  split,
  sqrt,
  stopGradient,
  sub,
  type Value,
} from "../../graph/index.ts";
import { type BoxTensors, binaryCrossEntropy, boxIou, varifocalLoss } from "../../nn/index.ts";
import type { HeadStyle, YoloConfig } from "./config.ts";
import { decodeGrid } from "./decode.ts";
import { TARGET_BOX_CHANNELS } from "./targets.ts";

/** Weights of the loss's parts; a head without Pc has no such part. */
export type LossWeights = { box: number; class: number; confidence?: number };

/** Weights that suit each kind of score. */
export const lossWeights: Readonly<Record<HeadStyle["score"], LossWeights>> = {
  confidence: { box: 2, confidence: 1, class: 0.5 },
  quality: { box: 2, class: 1 },
};

/** Name of the input that holds grid `index`'s target map. */
export function targetName(index: number): string {
  return `targets${index}`;
}

/**
 * The loss of raw answers against target maps, each part summed over cells and divided by the number of
 * positive ones, or of pictures if these are more. Where a cell is not positive its box is "don't care", and with a Pc its classes, too: neither
 * their loss nor their gradient exists.
 */
export function yoloLoss(
  raws: readonly Value[],
  config: YoloConfig,
  weights: LossWeights = lossWeights[config.head.score],
): { loss: Value; reports: Record<string, Value> } {
  const graph: Graph = raws[0].graph;
  const sums = raws.map((raw, i) => {
    const [n, a, , rows, columns] = raw.dims;
    const channels = TARGET_BOX_CHANNELS + config.classes.length;
    const target = graph.input(targetName(i), [n, a, channels, rows, columns]);
    return gridSums(raw, target, config, i);
  });
  const total = (name: string) => sums.map((sum) => sum[name]).reduce(add);
  const positives = total("positives");
  // A batch with fewer would else learn from its background many times as much as others do.
  const counted = maximum(positives, raws[0].dims[0]);
  const perPositive = (name: string) => div(total(name), counted);
  const parts = Object.entries(weights).map(
    ([name, weight]) => [name, mul(perPositive(name), weight)] as const,
  );
  return {
    loss: parts.map(([, part]) => part).reduce(add),
    reports: { ...Object.fromEntries(parts), iou: div(total("iou"), maximum(positives, 1)) },
  };
}

/** A grid's positive cells, the IoU that they reach, and the parts of the loss, each summed over the cells. */
function gridSums(raw: Value, target: Value, config: YoloConfig, index: number): Record<string, Value> {
  const { head, classes } = config;
  const answers = decodeGrid(raw, config, index);
  const [positive, cx, cy, width, height, wanted] = split(target, 2, [1, 1, 1, 1, 1, classes.length]);
  const truth: BoxTensors = { cx, cy, width, height };
  const squared = head.boxLoss === "squared";
  const { iou, variant } = boxIou(answers.boxes, truth, head.boxLoss === "squared" ? "iou" : head.boxLoss);
  const boxTerm = squared
    ? squaredBoxError(answers.boxes, truth, config.grids[index].stride)
    : sub(1, variant);
  const reached = mul(positive, stopGradient(maximum(iou, 0)));
  const sum = (x: Value) => reduceSum(x, undefined, false);
  const found = { positives: sum(positive), iou: sum(reached), box: sum(mul(positive, boxTerm)) };
  return answers.confidence
    ? {
        ...found,
        confidence: sum(binaryCrossEntropy(answers.confidence, positive)),
        class: sum(mul(positive, binaryCrossEntropy(answers.classes, wanted))),
      }
    : { ...found, class: sum(varifocalLoss(answers.classes, mul(wanted, reached))) };
}

/** Squared differences of the centre in cells and of the sizes' square roots in cells (YOLO, eq. 3). */
function squaredBoxError(box: BoxTensors, truth: BoxTensors, stride: number): Value {
  const square = (x: Value) => mul(x, x);
  const centre = (a: Value, b: Value) => square(mul(sub(a, b), 1 / stride));
  const size = (a: Value, b: Value) => mul(square(sub(sqrt(a), sqrt(b))), 1 / stride);
  return add(
    add(centre(box.cx, truth.cx), centre(box.cy, truth.cy)),
    add(size(box.width, truth.width), size(box.height, truth.height)),
  );
}
