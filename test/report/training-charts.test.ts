import { describe, expect, it } from "vitest";
import { classColor } from "../../src/image/index.ts";
import { lossChart, metricChart } from "../../src/report/index.ts";
import type { EpochRecord } from "../../src/train/index.ts";
import { readChart } from "./drawn.ts";

const records: EpochRecord[] = Array.from({ length: 50 }, (_, i) => ({
  epoch: i + 1,
  learningRate: 0.01 * (1 - i / 50),
  loss: 3 / (i + 1),
  box: 2 / (i + 1),
  ...(i % 10 === 9 ? { mAP50: i === 29 ? 0.8125 : 0.5, mAP50_95: 0.4 } : {}),
}));

describe("lossChart", () => {
  it("shows those losses that the records have", () => {
    const { texts, lines } = readChart(lossChart(records));
    expect(texts).toEqual(expect.arrayContaining(["Training loss", "loss", "box", "epoch"]));
    expect(texts).not.toContain("confidence");
    expect(lines(classColor(0))[0].points).toHaveLength(50);
  });

  it("shows what every detector's loss is made of", () => {
    const { texts } = readChart(lossChart([{ epoch: 1, loss: 4, objectness: 1, class: 1, box: 2 }]));
    expect(texts).toEqual(expect.arrayContaining(["loss", "objectness", "class", "box"]));
  });

  it("shows the losses asked for", () => {
    const { texts } = readChart(
      lossChart([{ epoch: 1, content: 2, style: 3 }], { losses: ["content", "style"] }),
    );
    expect(texts).toEqual(expect.arrayContaining(["content", "style"]));
  });
});

describe("metricChart", () => {
  it("joins the epochs that were validated, and marks the best", () => {
    const { texts, lines } = readChart(metricChart(records));
    expect(texts).toEqual(expect.arrayContaining(["mAP50", "mAP50-95", "Learning rate"]));
    expect(texts).toContain("best mAP50 0.813 in epoch 30");
    const [line] = lines(classColor(0));
    expect(line.points).toHaveLength(5);
    expect(Math.min(...line.points.map(([, y]) => y))).toBe(line.points[2][1]);
  });

  it("shows the learning rate alone before the first validation", () => {
    const { texts } = readChart(metricChart(records.slice(0, 9)));
    expect(texts.filter((text) => text === "no data")).toHaveLength(1);
    expect(texts).toContain("0.01");
  });

  it("shows the figures asked for, by readable names", () => {
    const { texts } = readChart(
      metricChart([{ epoch: 1, meanIou: 0.5, falseAlarms: 0.1, mAP50: 0.2 }], {
        metrics: ["meanIou", "falseAlarms"],
      }),
    );
    expect(texts).toEqual(expect.arrayContaining(["mean IoU", "false alarms"]));
    expect(texts).not.toContain("mAP50");
  });

  it("survives two records of one epoch", () => {
    expect(readChart(metricChart([records[9], records[9]])).texts).toContain("mAP50");
  });
});
