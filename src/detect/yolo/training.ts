import type { Tensor } from "../../core/index.ts";
import type { DetectionBatch } from "../../data/index.ts";
import { type StepOptions, TrainingStep } from "../../train/index.ts";
import type { YoloConfig } from "./config.ts";
import { targetName, yoloLoss } from "./loss.ts";
import { type YoloNetOptions, yoloNet } from "./net.ts";
import { buildTargets } from "./targets.ts";

/** Compiles the training step of a net for batches of one size. */
export async function compileTraining(
  config: YoloConfig,
  { batchSize, trunkRate, ...options }: StepOptions & YoloNetOptions & { batchSize: number },
): Promise<TrainingStep> {
  const { width, height } = config.input;
  return TrainingStep.compile((scope) => {
    const pictures = scope.graph.input("pictures", [batchSize, 3, height, width], "uint8");
    return yoloLoss(yoloNet(scope, pictures, config, { trunkRate }), config);
  }, options);
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
