import { Random, type Tensor } from "../../src/core/index.ts";
import {
  buildTargets,
  lossWeights,
  targetName,
  type YoloConfig,
  yoloLoss,
  yoloNet,
} from "../../src/detect/yolo/index.ts";
import { Graph } from "../../src/graph/index.ts";
import { Scope } from "../../src/nn/index.ts";
import type { Objective } from "../../src/train/index.ts";

/** A batch, first parameters and settings: all that a training step of the YOLO net depends on. */
export interface YoloCase {
  readonly config: YoloConfig;
  readonly recipe: StepRecipe;
  /** `pictures` and a target map per grid, as the step's graph names them. */
  readonly batch: Readonly<Record<string, Tensor>>;
  readonly parameters: ReadonlyMap<string, Tensor>;
}

/** What a step does besides gradients. */
export interface StepRecipe {
  readonly learningRate: number;
  readonly weightDecay: number;
  readonly clipNorm: number;
  readonly averageDecay: number;
}

/** Random pictures with a few random objects each, and the net's first values: the same for the same seed. */
export function drawYoloCase(
  config: YoloConfig,
  batchSize: number,
  recipe: StepRecipe,
  seed: number,
): YoloCase {
  const { width, height } = config.input;
  const random = new Random(seed, batchSize, width, height);
  const data = Uint8Array.from({ length: batchSize * 3 * height * width }, () => random.integer(256));
  const objects = Array.from({ length: batchSize }, () =>
    Array.from({ length: 1 + random.integer(4) }, () => {
      const [w, h] = [random.uniform(0.1, 0.6) * width, random.uniform(0.1, 0.6) * height];
      const [x, y] = [random.uniform(0, width - w), random.uniform(0, height - h)];
      const box: [number, number, number, number] = [x, y, x + w, y + h];
      return { classIndex: random.integer(config.classes.length), box };
    }),
  );
  const batch: Record<string, Tensor> = {
    pictures: { dtype: "uint8", shape: [batchSize, 3, height, width], data },
  };
  for (const [i, map] of buildTargets(objects, config, config.input).entries()) {
    const { stride, anchors } = config.grids[i];
    const [rows, columns] = [height / stride, width / stride];
    const channels = map.length / (batchSize * anchors.length * rows * columns);
    const shape = [batchSize, anchors.length, channels, rows, columns];
    batch[targetName(i)] = { dtype: "float32", shape, data: map };
  }
  const scope = new Scope(new Graph(), { training: true });
  buildYoloObjective(scope, config, batchSize);
  return { config, recipe, batch, parameters: scope.set.initialValues(seed) };
}

/** The net and its loss, as a training step is built from them. */
export function buildYoloObjective(scope: Scope, config: YoloConfig, batchSize: number): Objective {
  const { width, height } = config.input;
  const pictures = scope.graph.input("pictures", [batchSize, 3, height, width], "uint8");
  return yoloLoss(yoloNet(scope, pictures, config), config);
}

/** The case as JSON for `training.py`; tensors as base64 of their little-endian elements. */
export function writeYoloCase({ config, recipe, batch, parameters }: YoloCase): string {
  return JSON.stringify({
    config,
    recipe,
    lossWeights: lossWeights[config.head.score],
    pictures: encodeTensor(batch.pictures),
    targets: config.grids.map((_, i) => encodeTensor(batch[targetName(i)])),
    parameters: Object.fromEntries([...parameters].map(([name, value]) => [name, encodeTensor(value)])),
  });
}

function encodeTensor({ dtype, shape, data }: Tensor) {
  const bytes = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  return { dtype, shape, data: bytes.toString("base64") };
}
