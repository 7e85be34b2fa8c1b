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
import { type BoxTensors, binaryCrossEntropy, boxIou, qualityFocalLoss } from "../../nn/index.ts";
import type { YoloConfig } from "./config.ts";
import { decodeGrid } from "./decode.ts";
import { TARGET_BOX_CHANNELS } from "./targets.ts";

/** Weights of the three parts of the loss. */
export interface LossWeights {
  box: number;
  confidence: number;
  class: number;
}

export const defaultLossWeights: LossWeights = { box: 2, confidence: 1, class: 0.5 };

/** Name of the input that holds grid `index`'s target map. */
export function targetName(index: number): string {
  return `targets${index}`;
}

/**
 * The loss of raw answers against target maps, each part summed over cells and divided by the number of
 * positive ones. Box and class count only where a cell is positive: elsewhere they are "don't care", and
 * neither their loss nor their gradient exists.
 */
export function yoloLoss(
  raws: readonly Value[],
  config: YoloConfig,
  weights: LossWeights = defaultLossWeights,
): { loss: Value; reports: Record<string, Value> } {
  const graph: Graph = raws[0].graph;
  const sums = raws.map((raw, i) => {
    const [n, a, , rows, columns] = raw.dims;
    const channels = TARGET_BOX_CHANNELS + config.classes.length;
    const target = graph.input(targetName(i), [n, a, channels, rows, columns]);
    return gridLoss(raw, target, config, i);
  });
  const total = (part: keyof (typeof sums)[number]) => sums.map((sum) => sum[part]).reduce(add);
  const positives = maximum(total("positives"), 1);
  const box = mul(div(total("box"), positives), weights.box);
  const confidence = mul(div(total("confidence"), positives), weights.confidence);
  const classes = mul(div(total("class"), positives), weights.class);
  return {
    loss: add(add(box, confidence), classes),
    reports: { box, confidence, class: classes, iou: div(total("iou"), positives) },
  };
}

function gridLoss(raw: Value, target: Value, config: YoloConfig, index: number) {
  const { head, classes } = config;
  const answers = decodeGrid(raw, config, index);
  const [positive, cx, cy, width, height, wanted] = split(target, 2, [1, 1, 1, 1, 1, classes.length]);
  const truth: BoxTensors = { cx, cy, width, height };
  const kind = head.boxLoss === "squared" ? "iou" : head.boxLoss;
  const { iou, variant } = boxIou(answers.boxes, truth, kind);
  const sum = (x: Value) => reduceSum(x, undefined, false);
  const boxTerm =
    head.boxLoss === "squared"
      ? squaredBoxError(answers.boxes, truth, config.grids[index].stride)
      : sub(1, variant);
  const reached = mul(positive, stopGradient(maximum(iou, 0)));
  const confidenceTerm =
    head.confidence === "presence"
      ? binaryCrossEntropy(answers.confidence, positive)
      : qualityFocalLoss(answers.confidence, reached);
  return {
    positives: sum(positive),
    iou: sum(reached),
    box: sum(mul(positive, boxTerm)),
    confidence: sum(confidenceTerm),
    class: sum(mul(positive, binaryCrossEntropy(answers.classes, wanted))),
  };
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
