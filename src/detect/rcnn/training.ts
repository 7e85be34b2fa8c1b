import { type Random, type Tensor, tensor } from "../../core/index.ts";
import type { DetectionBatch } from "../../data/index.ts";
import { add, concat, reshape, slice, stopGradient, type Value } from "../../graph/index.ts";
import { type StepOptions, TrainingStep } from "../../train/index.ts";
import { encodeBoxes, rpnWeights } from "./box-coder.ts";
import { anchorsOf, type FasterRcnnConfig, trainingRegions } from "./config.ts";
import { drawRegions } from "./draw-regions.ts";
import { headLoss, rpnLoss } from "./losses.ts";
import { matchBoxes, rpnMatching } from "./match.ts";
import { rcnnFeatures, roiHeads, rpnHead } from "./net.ts";
import { rpnSampling, sampleBoxes } from "./sample.ts";
import { selectRegions } from "./select-regions.ts";

/**
 * Compiles the joint training of both stages (Ren et al. 2015, §3.2, "approximate joint training"): one session
 * proposes, draws, pools and learns.
 */
export function compileRcnnTraining(
  config: FasterRcnnConfig,
  { batchSize: n, trunkRate, ...options }: StepOptions & { trunkRate?: number; batchSize: number },
): Promise<TrainingStep> {
  const { width, height } = config.input;
  const anchors = anchorsOf(config);
  const count = anchors.length / 4;
  const classes = 1 + config.classes.length;
  return TrainingStep.compile((scope) => {
    const { graph } = scope;
    const pictures = graph.input("pictures", [n, 3, height, width], "uint8");
    const features = rcnnFeatures(scope, pictures, config, trunkRate);
    const rpn = rpnHead(scope.at("rpn"), features, config);
    const rpnParts = rpnLoss({
      ...rpn,
      labels: graph.input("anchorLabels", [n, count]),
      targets: graph.input("anchorTargets", [n, count, 4]),
    });
    const corners = graph.constant(tensor([...anchors], [count, 4]));
    const after = Math.min(trainingRegions.after, trainingRegions.before, count);
    const boxes = graph.input("objects", [n, config.mostObjects, 4]);
    const labels = graph.input("objectLabels", [n, config.mostObjects, classes]);
    const random = graph.input("random", [n, after + config.mostObjects]);
    const drawn = Array.from({ length: n }, (_, i) => {
      const row = (x: Value) => reshape(slice(x, 0, i, i + 1), x.dims.slice(1));
      const [logits, codes] = [row(stopGradient(rpn.objectness)), row(stopGradient(rpn.codes))];
      const regions = selectRegions(logits, codes, corners, config.input, trainingRegions);
      return drawRegions(regions, { boxes: row(boxes), labels: row(labels) }, row(random));
    });
    const all = (name: "boxes" | "labels" | "targets") => drawn.map((regions) => regions[name]);
    const answers = roiHeads(scope.at("head"), features, all("boxes"), config);
    const headParts = headLoss({
      ...answers,
      labels: concat(all("labels"), 0),
      targets: concat(all("targets"), 0),
    });
    const box = add(rpnParts.boxes, headParts.boxes);
    const parts = { objectness: rpnParts.classes, class: headParts.classes, box };
    return { loss: Object.values(parts).reduce(add), reports: parts };
  }, options);
}

/** A batch as the step's inputs: its pictures, what anchors should answer, and the objects. */
export function rcnnFeeds(
  batch: DetectionBatch,
  config: FasterRcnnConfig,
  anchors: Float32Array,
  random: Random,
): Record<string, Tensor> {
  const { width, height, images, boxes } = batch;
  const { mostObjects } = config;
  const n = boxes.length;
  const count = anchors.length / 4;
  const classes = 1 + config.classes.length;
  const anchorLabels = new Float32Array(n * count).fill(-1);
  const anchorTargets = new Float32Array(n * count * 4);
  const objects = new Float32Array(n * mostObjects * 4);
  const objectLabels = new Float32Array(n * mostObjects * classes);
  for (const [i, found] of boxes.entries()) {
    const flat = found.flatMap(({ box }) => [...box]);
    labelAnchors(
      flat,
      anchors,
      anchorLabels.subarray(i * count, (i + 1) * count),
      anchorTargets.subarray(4 * i * count),
      random,
    );
    const area = ({ box: [x1, y1, x2, y2] }: (typeof found)[0]) => (x2 - x1) * (y2 - y1);
    const largest = found.length > mostObjects ? found.toSorted((a, b) => area(b) - area(a)) : found;
    for (const [j, { box, classIndex }] of largest.slice(0, mostObjects).entries()) {
      objects.set(box, 4 * (i * mostObjects + j));
      objectLabels[(i * mostObjects + j) * classes + 1 + classIndex] = 1;
    }
  }
  const regions = Math.min(trainingRegions.after, trainingRegions.before, count) + mostObjects;
  const draws = new Float32Array(n * regions);
  for (let i = 0; i < draws.length; i++) draws[i] = random.next();
  const float = (data: Float32Array, ...shape: number[]): Tensor => ({ dtype: "float32", shape, data });
  return {
    pictures: { dtype: "uint8", shape: [n, 3, height, width], data: images },
    anchorLabels: float(anchorLabels, n, count),
    anchorTargets: float(anchorTargets, n, count, 4),
    objects: float(objects, n, mostObjects, 4),
    objectLabels: float(objectLabels, n, mostObjects, classes),
    random: float(draws, n, regions),
  };
}

/** Draws the anchors of a picture that learn, and writes what they should answer. */
function labelAnchors(
  objects: readonly number[],
  anchors: Float32Array,
  labels: Float32Array,
  targets: Float32Array,
  random: Random,
): void {
  const matches = matchBoxes(anchors, objects, rpnMatching);
  const { positives, negatives } = sampleBoxes(matches, rpnSampling, random);
  for (const anchor of negatives) labels[anchor] = 0;
  for (const anchor of positives) {
    labels[anchor] = 1;
    const object = objects.slice(4 * matches[anchor], 4 * matches[anchor] + 4);
    const reference = anchors.subarray(4 * anchor, 4 * anchor + 4);
    targets.set(encodeBoxes(object, reference, rpnWeights), 4 * anchor);
  }
}
