import type { Random, Tensor } from "../../core/index.ts";
import type { DetectionBatch, DetectionSample } from "../../data/index.ts";
import { add, reshape, slice } from "../../graph/index.ts";
import { type StepOptions, TrainingStep } from "../../train/index.ts";
import { encodeBoxes, headWeights } from "./box-coder.ts";
import type { FastRcnnConfig, RcnnConfig } from "./config.ts";
import { headLoss } from "./losses.ts";
import { headMatching, matchBoxes } from "./match.ts";
import { regionAnswers } from "./region-answers.ts";
import { headSampling, rcnnSampling, type SampleOptions, sampleBoxes } from "./sample.ts";

/** Regions of each picture that learn: R-CNN's pass the whole trunk, so that a batch has as many as Fast R-CNN's picture. */
function samplingOf(config: FastRcnnConfig | RcnnConfig, pictures: number): SampleOptions {
  return "crop" in config ? rcnnSampling(pictures) : headSampling;
}

/**
 * Compiles the training of a net whose regions are given: trunk and both heads learn at once (Girshick 2015, §2.3).
 * R-CNN learns in the same way here, not in the three stages of its paper, so that the nets can be compared.
 */
export function compileFastRcnnTraining(
  config: FastRcnnConfig | RcnnConfig,
  { batchSize: n, trunkRate, ...options }: StepOptions & { trunkRate?: number; batchSize: number },
): Promise<TrainingStep> {
  const { width, height } = config.input;
  const { count } = samplingOf(config, n);
  return TrainingStep.compile((scope) => {
    const { graph } = scope;
    const pictures = graph.input("pictures", [n, 3, height, width], "uint8");
    const regions = graph.input("regions", [n, count, 4]);
    const own = Array.from({ length: n }, (_, i) => reshape(slice(regions, 0, i, i + 1), [count, 4]));
    const loss = headLoss({
      ...regionAnswers(scope, pictures, own, config, trunkRate),
      labels: graph.input("regionLabels", [n * count, 1 + config.classes.length]),
      targets: graph.input("regionTargets", [n * count, 4]),
    });
    return { loss: add(loss.classes, loss.boxes), reports: { class: loss.classes, box: loss.boxes } };
  }, options);
}

/**
 * Samples that bring their proposals along, as regions of a class beyond the last: whatever happens to a picture on its
 * way into a batch happens to them, too.
 */
export function withProposals(
  samples: readonly DetectionSample[],
  proposals: readonly Float32Array[],
  classes: number,
): DetectionSample[] {
  return samples.map((sample, i) => ({ ...sample, regions: { classIndex: classes, corners: proposals[i] } }));
}

/** A batch as the step's inputs: its pictures, and regions that are matched with the objects and drawn. */
export function fastRcnnFeeds(
  batch: DetectionBatch,
  config: FastRcnnConfig | RcnnConfig,
  random: Random,
): Record<string, Tensor> {
  const { width, height, images, boxes } = batch;
  const [n, classes] = [boxes.length, config.classes.length];
  const sampling = samplingOf(config, n);
  const { count } = sampling;
  const regions = new Float32Array(n * count * 4);
  const labels = new Float32Array(n * count * (1 + classes));
  const targets = new Float32Array(n * count * 4);
  for (const [i, all] of boxes.entries()) {
    const objects = all.filter(({ classIndex }) => classIndex < classes);
    const flat = objects.flatMap(({ box }) => [...box]);
    // The objects themselves are candidates, too, as in the other nets.
    const candidates = Float32Array.from(all.flatMap(({ box }) => [...box]));
    const matches = matchBoxes(candidates, flat, headMatching);
    const { positives, negatives } = sampleBoxes(matches, sampling, random);
    for (const [j, candidate] of [...positives, ...negatives].entries()) {
      const row = i * count + j;
      const corners = candidates.subarray(4 * candidate, 4 * candidate + 4);
      const match = matches[candidate];
      regions.set(corners, 4 * row);
      labels[row * (1 + classes) + (match < 0 ? 0 : 1 + objects[match].classIndex)] = 1;
      if (match >= 0) targets.set(encodeBoxes(objects[match].box, corners, headWeights), 4 * row);
    }
  }
  const float = (data: Float32Array, ...shape: number[]): Tensor => ({ dtype: "float32", shape, data });
  return {
    pictures: { dtype: "uint8", shape: [n, 3, height, width], data: images },
    regions: float(regions, n, count, 4),
    regionLabels: float(labels, n * count, 1 + classes),
    regionTargets: float(targets, n * count, 4),
  };
}
