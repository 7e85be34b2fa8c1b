import { Random, type Tensor } from "../../src/core/index.ts";
import type { DetectorCard } from "../../src/detect/index.ts";
import { answersPerAnchor, netSizes, type YoloConfig, yoloNet } from "../../src/detect/yolo/index.ts";
import { Graph } from "../../src/graph/index.ts";
import type { Picture } from "../../src/image/index.ts";
import { Scope } from "../../src/nn/index.ts";

/** A detector of three classes for inputs of 64 × 96 pixels. */
export const tinyConfig: YoloConfig = {
  classes: ["pedestrian", "car", "motorcycle"],
  input: { width: 96, height: 64 },
  size: netSizes.nano,
  grids: [{ stride: 8, anchors: [[24, 18]] }],
  head: { positives: "neighbourhood", score: "quality", boxLoss: "diou" },
};

/** The same with the textbook's head: centres, two anchors. */
export const textbookConfig: YoloConfig = {
  ...tinyConfig,
  grids: [
    {
      stride: 32,
      anchors: [
        [10, 30],
        [40, 20],
      ],
    },
  ],
  head: { positives: "centre", score: "confidence", boxLoss: "squared" },
};

/**
 * Random parameters of a net, its last layer made so loud that answers differ from cell to cell: a net that finds
 * a lot in any picture.
 */
export function randomParameters(config: YoloConfig, seed: number): Map<string, Tensor> {
  const graph = new Graph();
  const scope = new Scope(graph, { training: true });
  yoloNet(scope, graph.input("pictures", [1, 3, config.input.height, config.input.width], "uint8"), config);
  const values = scope.set.initialValues(seed);
  const random = new Random(seed, 1);
  const answers = config.grids.map(({ anchors }) => anchors.length * answersPerAnchor(config));
  for (const { shape, data } of values.values()) {
    if (shape.length === 4 && answers.includes(shape[0])) {
      for (let i = 0; i < data.length; i++) data[i] = random.normal(0, 0.2);
    } else if (shape.length === 1 && answers.includes(shape[0])) data.fill(1 as never);
  }
  return values;
}

/** What a detector of such a net says of itself. */
export function cardOfConfig(config: YoloConfig): DetectorCard {
  return {
    task: "detect",
    model: "yolo tiny",
    classes: [...config.classes],
    input: { ...config.input },
    grids: config.grids.map(({ stride, anchors }) => ({
      stride,
      anchors: anchors.map(([w, h]): [number, number] => [w, h]),
    })),
    scoreThreshold: 0.25,
    iouThreshold: 0.5,
    trainedOn: "0123abcd",
    version: "1.2.3",
  };
}

/** A picture of waves and a little noise, without any sharp edge. */
export function smoothPicture(width: number, height: number, seed = 0): Picture {
  const random = new Random(seed, width, height);
  const waves = Array.from({ length: 9 }, () => [
    random.uniform(-0.1, 0.1),
    random.uniform(-0.1, 0.1),
    random.uniform(0, 6),
  ]);
  const data = new Uint8Array(width * height * 3);
  for (let i = 0; i < data.length; i++) {
    const [x, y] = [Math.floor(i / 3) % width, Math.floor(i / 3 / width)];
    const sum = waves.reduce(
      (total, [u, v, phase], k) => total + (k % 3 === i % 3 ? Math.sin(u * x + v * y + phase) : 0),
      0,
    );
    data[i] = Math.round(128 + 35 * sum + random.uniform(-1, 1));
  }
  return { width, height, data };
}
