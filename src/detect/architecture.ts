import { Random, type Tensor } from "../core/index.ts";
import type { DetectionBatch } from "../data/index.ts";
import type { StepOptions, TrainingStep } from "../train/index.ts";
import type { DetectorCard } from "./model-card.ts";
import {
  anchorsOf,
  compileFastRcnnTraining,
  compileRcnnTraining,
  exportFastRcnn,
  exportRcnn,
  type FasterRcnnConfig,
  type FastRcnnConfig,
  fastRcnnFeeds,
  type RcnnConfig,
  rcnnFeeds,
} from "./rcnn/index.ts";
import { compileTraining, exportYolo, feedsOf, type YoloConfig } from "./yolo/index.ts";

/** A net of any family. */
export type DetectorConfig = YoloConfig | FasterRcnnConfig | FastRcnnConfig | RcnnConfig;

/** What training asks of a family of nets. */
export interface Architecture {
  /** Name for people. */
  family: "yolo" | "faster-rcnn" | "fast-rcnn" | "rcnn";
  /** Compiles the training step. */
  compile(options: StepOptions & { trunkRate?: number; batchSize: number }): Promise<TrainingStep>;
  /** A batch as the step's inputs. */
  feedsOf(batch: DetectionBatch, step: number): Record<string, Tensor>;
  /** The file that ships. */
  exportModel(values: ReadonlyMap<string, Tensor>, card: DetectorCard): Uint8Array;
}

/** Where the trunk stands among the parameters of a net of any family. */
export { TRUNK_PATH } from "./yolo/index.ts";

/** Tells the draws of a step from those of its pictures. */
const DRAWS = 0x4c;

/** The family that a net is of. */
export function architectureOf(config: DetectorConfig, seed: number): Architecture {
  if (!("heads" in config)) {
    return {
      family: "yolo",
      compile: (options) => compileTraining(config, options),
      feedsOf: (batch) => feedsOf(batch, config),
      exportModel: (values, card) => exportYolo(config, values, card),
    };
  }
  const draws = (step: number) => new Random(seed, DRAWS, step);
  if ("proposals" in config) {
    return {
      family: "crop" in config ? "rcnn" : "fast-rcnn",
      compile: (options) => compileFastRcnnTraining(config, options),
      feedsOf: (batch, step) => fastRcnnFeeds(batch, config, draws(step)),
      exportModel: (values, card) => exportFastRcnn(config, values, card),
    };
  }
  const anchors = anchorsOf(config);
  return {
    family: "faster-rcnn",
    compile: (options) => compileRcnnTraining(config, options),
    feedsOf: (batch, step) => rcnnFeeds(batch, config, anchors, draws(step)),
    exportModel: (values, card) => exportRcnn(config, values, card),
  };
}
