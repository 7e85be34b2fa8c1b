import { afterEach, describe, expect, it, vi } from "vitest";
import { Random } from "../../src/core/index.ts";
import { classColor } from "../../src/image/index.ts";
import { type ClassificationEvaluation, evaluateClassification } from "../../src/metrics/index.ts";
import {
  type CalibrationFigures,
  calibrationChart,
  classAccuracyChart,
  confusedPairsChart,
  confusionChart,
  lossChart,
  metricChart,
} from "../../src/report/index.ts";
import { readChart } from "./drawn.ts";

/** A made-up classifier that is often right. */
function madeUp(classCount: number, count: number): ClassificationEvaluation {
  const random = new Random(classCount, count);
  const classes = Array.from({ length: classCount }, (_, k) => `class ${k}`);
  const truths = Array.from({ length: count }, () => random.integer(classCount));
  const probabilities = truths.flatMap((truth) => {
    const weights = classes.map((_, k) => Math.exp(random.normal() + (k === truth ? 2 : 0)));
    const sum = weights.reduce((a, b) => a + b);
    return weights.map((weight) => weight / sum);
  });
  return evaluateClassification({ classes, truths, probabilities: Float32Array.from(probabilities) });
}

/** Left edges, widths and heights of the bars of a colour, in the order of drawing. */
function barsOf(svg: string, color: string): { left: number; width: number; height: number }[] {
  const paths = svg.matchAll(/<path d="M([\d.-]+) ([\d.-]+)l([\d.-]+) ([\d.-]+)l([\d.-]+) ([\d.-]+)[^>]*>/g);
  return Array.from(paths)
    .filter(([path]) => path.includes(`fill="${color}"`))
    .map(([, x, , ...steps]) => {
      const [a, b, c, d] = steps.map((step) => Math.abs(Number(step)));
      return { left: Number(x), width: Math.max(a, c), height: Math.max(b, d) };
    });
}

describe("calibrationChart", () => {
  const bin = (i: number, count: number, accuracy: number) => ({
    low: i / 5,
    high: (i + 1) / 5,
    count,
    accuracy,
  });
  const calibration: CalibrationFigures = {
    ece: 0.1234,
    bins: [bin(0, 0, Number.NaN), bin(1, 1000, 0.25), bin(2, 0, Number.NaN), bin(3, 1, 0), bin(4, 500, 0.75)],
  };
  const svg = calibrationChart(calibration);
  const bars = barsOf(svg, "#2f6fd0");

  it("names the error and the diagonal", () => {
    expect(readChart(svg).texts).toEqual(
      expect.arrayContaining(["Calibration, ECE 0.123", "perfectly calibrated", "accuracy", "predictions"]),
    );
  });

  it("draws accuracies and, below, counts; bins without predictions stay free, small ones can be seen", () => {
    expect(bars).toHaveLength(6);
    const [low, wrong, high, many, one, half] = bars;
    expect(high.height / low.height).toBeCloseTo(3, 1);
    expect(many.height / half.height).toBeCloseTo(2, 1);
    expect(wrong.height).toBeGreaterThanOrEqual(3);
    expect(one.height).toBeGreaterThanOrEqual(3);
    expect([many.left, one.left, half.left]).toEqual([low.left, wrong.left, high.left]);
  });

  it("draws the diagonal from corner to corner, over bars that fill their bins", () => {
    const [diagonal] = readChart(svg).lines("#1f2933");
    const [[left], [right]] = diagonal.points;
    const width = (right - left) / 5;
    expect(bars[0].left).toBeCloseTo(left + width, -1);
    expect(bars[0].width).toBeCloseTo(width, -1);
  });

  it("takes an evaluation's calibration", () => {
    expect(readChart(calibrationChart(madeUp(5, 100).calibration)).texts).not.toContain("no data");
  });
});

describe("classAccuracyChart", () => {
  it("sorts the classes that occur, the worst first, in the classes' colours", () => {
    const svg = classAccuracyChart([
      { name: "good", count: 4, recall: 1 },
      { name: "absent", count: 0, recall: Number.NaN },
      { name: "<bad>", count: 8, recall: 0.125 },
    ]);
    const { texts } = readChart(svg);
    expect(texts.filter((text) => /\(\d/.test(text))).toEqual(["<bad> (8)", "good (4)"]);
    expect(texts).toEqual(
      expect.arrayContaining(["Recall of each class (number of examples)", "0.125", "1.000"]),
    );
    const [good] = barsOf(svg, classColor(0));
    const [bad] = barsOf(svg, classColor(2));
    expect(good.width / bad.width).toBeCloseTo(8, 1);
  });

  it("shows the 30 worst of many, of equally bad ones those with most examples", () => {
    const perClass = Array.from({ length: 40 }, (_, k) => ({ name: `c${k}`, count: k + 1, recall: 0 }));
    const { texts } = readChart(classAccuracyChart(perClass));
    expect(texts).toContain("Recall of the 30 worst of 40 classes (number of examples)");
    const names = texts.filter((text) => /^c\d/.test(text));
    expect(names).toHaveLength(30);
    expect(names[0]).toBe("c39 (40)");
    expect(texts.filter((text) => text === "0.000")).toHaveLength(30);
  });
});

describe("confusedPairsChart", () => {
  const confusion = {
    labels: ["cat", "dog", "owl"],
    counts: [
      [90, 8, 2],
      [0, 5, 0],
      [2, 4, 4],
    ],
  };

  it("shows pairs by how often they are confused, of equal ones the rarer class first", () => {
    const svg = confusedPairsChart(confusion);
    const { texts } = readChart(svg);
    expect(texts).toContain("Confused pairs: actual → predicted");
    expect(texts.filter((text) => /^(cat|dog|owl) →/.test(text))).toEqual([
      "cat → dog",
      "owl → dog",
      "owl → cat",
      "cat → owl",
    ]);
    expect(texts).toEqual(expect.arrayContaining(["8 of 100", "4 of 10", "2 of 10", "2 of 100"]));
    const [most] = barsOf(svg, classColor(0));
    const [second] = barsOf(svg, classColor(2));
    expect(most.width / second.width).toBeCloseTo(2, 1);
  });

  it("shows no more than asked for", () => {
    const { texts } = readChart(confusedPairsChart(confusion, 1));
    expect(texts).toContain("The 1 most confused of 4 pairs: actual → predicted");
    expect(texts).not.toContain("owl → dog");
  });

  it("says so where all is right", () => {
    const right = { labels: ["a", "b"], counts: [Float64Array.of(3, 0), Float64Array.of(0, 4)] };
    expect(readChart(confusedPairsChart(right)).texts).toContain("no class is taken for another");
  });

  it("stands for the confusion matrix of many classes", () => {
    const { confusion: many } = madeUp(200, 1500);
    expect(confusionChart(many)).toBe(confusedPairsChart(many));
    expect(readChart(confusionChart(many, { width: 500 })).width).toBe(500);
    const { confusion: few } = madeUp(100, 300);
    expect(readChart(confusionChart(few)).texts).toContain("Confusion, shares of each row");
  });
});

describe("the training charts of a classifier", () => {
  const records = Array.from({ length: 6 }, (_, i) => ({
    epoch: i + 1,
    learningRate: 0.1,
    loss: 3 / (i + 1),
    ...(i % 2 === 1 ? { accuracy: i === 3 ? 0.75 : 0.5, top5: 0.9, balancedAccuracy: 0.4 } : {}),
  }));

  it("shows its figures and marks the best accuracy", () => {
    const { texts, lines } = readChart(metricChart(records));
    expect(texts).toEqual(
      expect.arrayContaining(["accuracy", "top 5", "balanced accuracy", "best accuracy 0.750 in epoch 4"]),
    );
    expect(texts).not.toContain("mAP50");
    expect(lines(classColor(0))[0].points).toHaveLength(3);
  });

  it("shows its loss", () => {
    expect(readChart(lossChart(records)).texts).toEqual(expect.arrayContaining(["Training loss", "loss"]));
  });
});

describe("a chart of nothing", () => {
  afterEach(() => vi.restoreAllMocks());

  it.each<[string, () => string]>([
    ["calibration without bins", () => calibrationChart({ ece: Number.NaN, bins: [] })],
    [
      "calibration without predictions",
      () => calibrationChart({ ece: 0, bins: [{ low: 0, high: 1, count: 0, accuracy: Number.NaN }] }),
    ],
    ["no classes", () => classAccuracyChart([])],
    ["classes without examples", () => classAccuracyChart([{ name: "a", count: 0, recall: Number.NaN }])],
    ["pairs without labels", () => confusedPairsChart({ labels: [], counts: [] })],
    [
      "pairs of zeros and NaN",
      () =>
        confusedPairsChart({
          labels: ["a", "b"],
          counts: [
            [0, Number.NaN],
            [0, 0],
          ],
        }),
    ],
  ])("%s says so, without a word on the console", (_, draw) => {
    const spies = (["log", "warn", "error"] as const).map((level) => vi.spyOn(console, level));
    expect(readChart(draw()).texts).toContain("no data");
    for (const spy of spies) expect(spy).not.toHaveBeenCalled();
  });
});
