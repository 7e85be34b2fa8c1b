import type { Tensor } from "../../core/index.ts";
import type { DetectionBatch } from "../../data/index.ts";
import { type StepOptions, TrainingStep } from "../../train/index.ts";
import type { YoloConfig } from "./config.ts";
import { targetName, yoloLoss } from "./loss.ts";
import { yoloNet } from "./net.ts";
import { buildTargets } from "./targets.ts";

/** A YOLO net ready to be trained. */
export interface YoloTraining {
  step: TrainingStep;
  /** First values of its parameters by name. */
  initialValues: Map<string, Tensor>;
}

/** Compiles the training step of a net for batches of one size. */
export async function compileTraining(
  config: YoloConfig,
  { batchSize, seed, ...options }: StepOptions & { batchSize: number; seed: number },
): Promise<YoloTraining> {
  const { width, height } = config.input;
  let initialValues: Map<string, Tensor> = new Map();
  const step = await TrainingStep.compile((scope) => {
    const pictures = scope.graph.input("pictures", [batchSize, 3, height, width], "uint8");
    const raws = yoloNet(scope, pictures, config);
    initialValues = scope.set.initialValues(seed);
    return yoloLoss(raws, config);
  }, options);
  return { step, initialValues };
}

/** A batch as the step's inputs: its pictures, and what each grid should answer. */
export function feedsOf(batch: DetectionBatch, config: YoloConfig): Record<string, Tensor> {
  const { width, height, images, boxes } = batch;
  const feeds: Record<string, Tensor> = {
    pictures: { dtype: "uint8", shape: [boxes.length, 3, height, width], data: images },
  };
  for (const [i, data] of buildTargets(boxes, config, batch).entries()) {
    const { stride, anchors } = config.grids[i];
    const cells = (width / stride) * (height / stride);
    const channels = data.length / (boxes.length * anchors.length * cells);
    const shape = [boxes.length, anchors.length, channels, height / stride, width / stride];
    feeds[targetName(i)] = { dtype: "float32", shape, data };
  }
  return feeds;
}
