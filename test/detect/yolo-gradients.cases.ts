import type { HeadStyle, NetSize, YoloConfig } from "../../src/detect/yolo/index.ts";
import { drawYoloCase, type YoloCase } from "../../tools/pytorch/case.ts";

/** Few channels, so that every gradient can be stored; all blocks of the real nets. */
const tiny: NetSize = {
  trunk: { family: "residual", channels: [4, 4, 6, 8, 8], depths: [1, 2, 1, 1] },
  neck: 6,
};

/** Limits the gradient in every step, so that clipping is held to the proof, too. */
const recipe = { learningRate: 2e-3, weightDecay: 0.05, clipNorm: 1, averageDecay: 0.9 };

function tinyYolo(grids: YoloConfig["grids"], head: HeadStyle, seed: number): YoloCase {
  const config = { classes: ["a", "b", "c"], input: { width: 96, height: 64 }, size: tiny, grids, head };
  return drawYoloCase(config, 2, recipe, seed);
}

const small: [number, number] = [14, 18];
const flat: [number, number] = [40, 24];
const tall: [number, number] = [30, 50];

/** The nets whose training steps are compared with PyTorch's. */
export const yoloCases: Readonly<Record<string, YoloCase>> = {
  "one grid, scores are qualities, distance IoU": tinyYolo(
    [{ stride: 8, anchors: [flat] }],
    { positives: "neighbourhood", score: "quality", boxLoss: "diou" },
    1,
  ),
  "two grids of two anchors, complete IoU": tinyYolo(
    [
      { stride: 8, anchors: [small, [24, 12]] },
      { stride: 16, anchors: [flat, tall] },
    ],
    { positives: "neighbourhood", score: "quality", boxLoss: "ciou" },
    2,
  ),
  "coarse grid, generalised IoU": tinyYolo(
    [{ stride: 16, anchors: [flat, tall] }],
    { positives: "centre", score: "confidence", boxLoss: "giou" },
    3,
  ),
  "textbook head": tinyYolo(
    [{ stride: 32, anchors: [small, flat, tall] }],
    { positives: "centre", score: "confidence", boxLoss: "squared" },
    4,
  ),
};
