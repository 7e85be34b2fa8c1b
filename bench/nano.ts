import { packageVersion } from "../src/core/index.ts";
import type { DetectionDataset } from "../src/data/index.ts";
import type { DetectorCard } from "../src/detect/index.ts";
import { makeRecipe, type Recipe } from "../src/detect/recipe.ts";
import type { YoloConfig } from "../src/detect/yolo/index.ts";

/** The recipe that `fovea detect train` would use for three classes in pictures of 320 × 256 pixels. */
export function nanoRecipe(): Recipe<YoloConfig> {
  const sample = {
    id: "one",
    path: "one.jpg",
    width: 320,
    height: 256,
    boxes: [{ classIndex: 0, box: [100, 80, 180, 160] as [number, number, number, number] }],
  };
  const dataset: DetectionDataset = {
    root: ".",
    format: "voc",
    classes: ["a", "b", "c"],
    splits: { train: [sample], val: [], test: [] },
    splitSource: { seed: 0, valFraction: 0 },
    problems: [],
    fingerprint: "none",
  };
  return makeRecipe(dataset, { size: { width: 320, height: 256 } }) as Recipe<YoloConfig>;
}

/** The description of a detector that was never trained. */
export function untrainedCard({ model, config }: Recipe): DetectorCard {
  return {
    task: "detect",
    model: `yolo ${model}, untrained`,
    classes: [...config.classes],
    input: config.input,
    grids: config.grids.map(({ stride, anchors }) => ({
      stride,
      anchors: anchors.map(([width, height]): [number, number] => [width, height]),
    })),
    scoreThreshold: 0.25,
    iouThreshold: 0.5,
    trainedOn: "nothing",
    version: packageVersion(),
  };
}
