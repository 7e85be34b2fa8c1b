import { describe, expect, it } from "vitest";
import { grad } from "../../src/autodiff/index.ts";
import { Random } from "../../src/core/index.ts";
import {
  answersPerAnchor,
  buildTargets,
  type GridObject,
  TARGET_BOX_CHANNELS,
  targetName,
  yoloLoss,
} from "../../src/detect/yolo/index.ts";
import { Graph } from "../../src/graph/index.ts";
import { evaluate } from "../autodiff/evaluate.ts";
import { textbookConfig, tinyConfig } from "./tiny-yolo.ts";

const objects: GridObject[][] = [
  [
    { classIndex: 1, box: [30, 13, 70, 33] },
    { classIndex: 0, box: [3, 33, 13, 63] },
  ],
  [],
];

describe.each([
  { name: "modern head", config: tinyConfig },
  { name: "textbook head", config: textbookConfig },
])("the loss, $name", ({ config }) => {
  const { stride, anchors } = config.grids[0];
  const [columns, rows] = [config.input.width / stride, config.input.height / stride];
  const cells = rows * columns;
  const channels = answersPerAnchor(config);
  const length = objects.length * anchors.length * channels * cells;
  const [target] = buildTargets(objects, config, config.input);
  const random = new Random(1);
  const raw = Array.from({ length }, () => random.normal());

  /** Channel and positivity of the place i of the answers. */
  const channelOf = (i: number) => Math.floor(i / cells) % channels;
  const isPositive = (i: number) => {
    const block = Math.floor(i / (channels * cells));
    return target[block * (TARGET_BOX_CHANNELS + config.classes.length) * cells + (i % cells)] === 1;
  };
  /** What tells finds from nothing counts in every cell: Pc, or without it the classes' scores. */
  const countsAlways = (i: number) =>
    config.head.score === "confidence" ? channelOf(i) === 0 : channelOf(i) >= 4;
  const isDontCare = (i: number) => !countsAlways(i) && !isPositive(i);

  async function lossOf(answers: number[]) {
    const graph = new Graph();
    const value = graph.input("raw", [objects.length, anchors.length, channels, rows, columns]);
    const { loss, reports } = yoloLoss([value], config);
    const [gradient] = grad(loss, [value]);
    return evaluate(
      { total: loss, gradient: gradient!, ...reports },
      { raw: answers, [targetName(0)]: Array.from(target) },
    );
  }

  it("has no gradient by what says nothing where there is no object, not even a small one", async () => {
    const { gradient } = await lossOf(raw);
    const dontCare = gradient.filter((_, i) => isDontCare(i));
    expect(dontCare.length).toBeGreaterThan(40);
    expect(dontCare.every((g) => g === 0)).toBe(true);
    for (const [i, g] of gradient.entries()) {
      if (!isDontCare(i))
        expect(Math.abs(g), `channel ${channelOf(i)} of a cell that counts`).toBeGreaterThan(0);
    }
  });

  it("is the same to the bit whatever they are", async () => {
    const before = await lossOf(raw);
    const after = await lossOf(raw.map((value, i) => (isDontCare(i) ? 3 * value - 1 : value)));
    expect(after.total).toEqual(before.total);
    const changed = await lossOf(raw.map((value, i) => (!isDontCare(i) ? 3 * value - 1 : value)));
    expect(changed.total).not.toEqual(before.total);
  });

  it("of a batch without objects is finite and all about telling finds from nothing", async () => {
    const graph = new Graph();
    const value = graph.input("raw", [objects.length, anchors.length, channels, rows, columns]);
    const { loss, reports } = yoloLoss([value], config);
    const [empty] = buildTargets([[], []], config, config.input);
    const results = await evaluate({ total: loss, ...reports }, { raw, [targetName(0)]: Array.from(empty) });
    const telling = config.head.score === "confidence" ? "confidence" : "class";
    const others = ["box", "class", "iou"].filter((part) => part !== telling);
    for (const part of others) expect(results[part][0], part).toBe(0);
    expect(results.total[0]).toBeCloseTo(results[telling][0], 4);
    expect(results.total[0]).toBeGreaterThan(0);
  });
});
