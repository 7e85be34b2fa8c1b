import { describe, expect, it } from "vitest";
import { classColor } from "../../src/image/index.ts";
import { confusionChart, precisionRecallChart, thresholdChart } from "../../src/report/index.ts";
import { readChart } from "./drawn.ts";
import { madeUpEvaluation } from "./evaluation.ts";

const evaluation = madeUpEvaluation(["cat", "dog", "<bird>"]);

describe("thresholdChart", () => {
  const { texts, lines } = readChart(thresholdChart(evaluation));

  it("names classes once and draws each in three panels, the mean bold", () => {
    for (const name of ["cat", "dog", "<bird>", "mean"]) {
      expect(texts.filter((text) => text === name)).toHaveLength(1);
    }
    for (const k of [0, 1, 2]) {
      expect(lines(classColor(k)).map(({ width }) => width)).toEqual([1, 1, 1]);
    }
    expect(lines("#1f2933").filter(({ width }) => width === 3)).toHaveLength(3);
  });

  it("marks the highest mean F1", () => {
    const best = Math.max(...evaluation.curves.mean.f1);
    expect(texts).toContain(`best F1 ${best.toFixed(3)} at ${evaluation.bestThreshold.toFixed(2)}`);
  });

  it("draws, but does not name more classes than can be told apart", () => {
    const many = readChart(
      thresholdChart(madeUpEvaluation(Array.from({ length: 25 }, (_, k) => `class ${k}`))),
    );
    expect(many.texts).toContain("class 19");
    expect(many.texts).not.toContain("class 20");
    expect(many.lines(classColor(20)).length).toBeGreaterThan(0);
  });
});

describe("precisionRecallChart", () => {
  it("writes each class's AP beside its name", () => {
    const { texts } = readChart(precisionRecallChart(evaluation));
    for (const { name, AP50 } of evaluation.perClass) expect(texts).toContain(`${name}  ${AP50.toFixed(3)}`);
    expect(texts).toContain(`mean  ${evaluation.mAP50.toFixed(3)}`);
  });

  it("leaves out classes without objects", () => {
    const absent = madeUpEvaluation(["cat", "dog"]);
    absent.perClass[1].AP50 = Number.NaN;
    absent.curves.perClass[1].count = 0;
    const { lines } = readChart(precisionRecallChart(absent));
    expect(lines(classColor(0)).length).toBeGreaterThan(0);
    expect(lines(classColor(1))).toHaveLength(0);
  });
});

describe("confusionChart", () => {
  it("writes shares of the row and counts into cells, and colours them by share", () => {
    const svg = confusionChart({
      labels: ["cat", "background"],
      counts: [
        [3, 1],
        [2, 0],
      ],
    });
    const { texts } = readChart(svg);
    expect(texts).toEqual(
      expect.arrayContaining(["0.75", "(3)", "0.25", "(1)", "1.00", "(2)", "predicted", "actual"]),
    );
    expect(texts).not.toContain("(0)");
    const opacities = Array.from(
      svg.matchAll(/fill="(?:rgb\(37,98,184\)|#2562b8)"(?: fill-opacity="([\d.]+)")?/g),
      ([, alpha = "1"]) => Number(alpha),
    );
    expect(opacities.sort()).toEqual([0.325, 0.775, 1]);
  });

  it("takes an evaluation's matrix, of many classes too", () => {
    expect(readChart(confusionChart(evaluation.confusion)).texts).toContain("<bird>");
    const labels = Array.from({ length: 81 }, (_, k) => `class ${k}`);
    const counts = labels.map((_, row) => labels.map((_, column) => (row === column ? 5 : 0)));
    const { texts } = readChart(confusionChart({ labels, counts }));
    expect(texts.filter((text) => text === "class 80")).toHaveLength(2);
    expect(texts).not.toContain("1.00");
  });
});
