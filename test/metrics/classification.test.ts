import { describe, expect, it, test } from "vitest";
import { FoveaError, Random } from "../../src/core/index.ts";
import {
  type ClassificationClassResult,
  type ClassifiedExamples,
  evaluateClassification,
} from "../../src/metrics/index.ts";

const { NaN: nan } = Number;

function examples(
  classes: string[],
  rows: [truth: number, ...probabilities: number[]][],
): ClassifiedExamples {
  return {
    classes,
    truths: rows.map(([truth]) => truth),
    probabilities: Float32Array.from(rows.flatMap(([, ...probabilities]) => probabilities)),
  };
}

describe("three classes, one of which does not occur", () => {
  // Predicted: cat, cat, dog, cat, owl.
  const evaluation = evaluateClassification(
    examples(
      ["cat", "dog", "owl"],
      [
        [0, 0.75, 0.25, 0],
        [0, 0.5, 0.25, 0.25],
        [0, 0.25, 0.75, 0],
        [1, 0.5, 0.5, 0],
        [1, 0, 0, 1],
      ],
    ),
  );

  it("counts what is taken for what, ties for the first class", () => {
    expect(evaluation.confusion).toEqual({
      labels: ["cat", "dog", "owl"],
      counts: [
        [2, 1, 0],
        [1, 0, 1],
        [0, 0, 0],
      ],
    });
  });

  it("has the figures that follow by hand", () => {
    expect(evaluation.count).toBe(5);
    expect(evaluation.accuracy).toBeCloseTo(2 / 5, 12);
    expect(evaluation.top5).toBe(1);
    expect(evaluation.balancedAccuracy).toBeCloseTo((2 / 3 + 0) / 2, 12);
    expect(evaluation.majorityBaseline).toBeCloseTo(3 / 5, 12);
    expect(evaluation.majorityClass).toBe("cat");
    expect(evaluation.macroF1).toBeCloseTo((4 / 6 + 0 + 0) / 3, 12);
    const logs = [0.75, 0.5, 0.25, 0.5, 1e-15].map((p) => -Math.log(p));
    expect(evaluation.logLoss).toBeCloseTo(logs.reduce((a, b) => a + b) / 5, 12);
  });

  it("tells the classes apart, NaN where there is nothing to divide by", () => {
    expect(evaluation.perClass).toEqual([
      { name: "cat", count: 3, precision: 2 / 3, recall: 2 / 3, f1: 4 / 6 },
      { name: "dog", count: 2, precision: 0, recall: 0, f1: 0 },
      { name: "owl", count: 0, precision: 0, recall: nan, f1: 0 },
    ]);
  });

  it("calibrates: two of 0.5 (one right), two of 0.75 (one right), one of 1 (wrong)", () => {
    const { ece, bins } = evaluation.calibration;
    expect(bins).toHaveLength(15);
    expect(bins[7]).toEqual({ low: 7 / 15, high: 8 / 15, count: 2, confidence: 0.5, accuracy: 0.5 });
    expect(bins[11]).toEqual({ low: 11 / 15, high: 12 / 15, count: 2, confidence: 0.75, accuracy: 0.5 });
    expect(bins[14]).toEqual({ low: 14 / 15, high: 1, count: 1, confidence: 1, accuracy: 0 });
    expect(bins[0]).toEqual({ low: 0, high: 1 / 15, count: 0, confidence: nan, accuracy: nan });
    expect(ece).toBeCloseTo((2 * 0 + 2 * 0.25 + 1) / 5, 12);
  });
});

test("a class that neither occurs nor is named enters no mean", () => {
  const evaluation = evaluateClassification(examples(["a", "b", "c"], [[1, 0, 1, 0]]));
  expect(evaluation.perClass[2]).toEqual({ name: "c", count: 0, precision: nan, recall: nan, f1: nan });
  expect(evaluation).toMatchObject({ accuracy: 1, balancedAccuracy: 1, macroF1: 1, logLoss: 0 });
  expect(evaluation.calibration.ece).toBe(0);
});

test("among the first five: ties count for the lower index", () => {
  const classes = ["a", "b", "c", "d", "e", "f", "g"];
  const row = [0.125, 0.125, 0.125, 0.125, 0.125, 0.125, 0.25];
  const top5 = (truth: number) => evaluateClassification(examples(classes, [[truth, ...row]])).top5;
  expect(classes.map((_, truth) => top5(truth))).toEqual([1, 1, 1, 1, 0, 0, 1]);
});

test("of equally frequent classes the first is the majority; one class is always right", () => {
  const even = examples(
    ["a", "b"],
    [
      [1, 0.5, 0.5],
      [0, 0.5, 0.5],
    ],
  );
  expect(evaluateClassification(even)).toMatchObject({ majorityClass: "a", majorityBaseline: 0.5 });
  expect(evaluateClassification(examples(["a"], [[0, 1]]))).toMatchObject({ accuracy: 1, top5: 1 });
});

test("a probability that a softmax rounds to more than 1", () => {
  const { logLoss, calibration } = evaluateClassification(examples(["a", "b"], [[0, 1.0000001, 0]]));
  expect(logLoss).toBe(0);
  expect(calibration.bins[14].count).toBe(1);
});

/** Every figure straight from its definition, by looking at all examples again for each. */
function slowly({ classes, truths, probabilities }: ClassifiedExamples) {
  const all = Array.from(truths, (truth, i) => {
    const row = [...probabilities.slice(i * classes.length, (i + 1) * classes.length)];
    const order = row.map((p, k) => ({ p, k })).sort((a, b) => b.p - a.p || a.k - b.k);
    return { truth, row, order, predicted: order[0].k, confidence: order[0].p };
  });
  const mean = (values: number[]) => values.reduce((a, b) => a + b, 0) / values.length;
  const share = <T>(items: T[], holds: (item: T) => boolean) => items.filter(holds).length / items.length;
  const perClass = classes.map((name, k) => {
    const recall = share(
      all.filter(({ truth }) => truth === k),
      ({ predicted }) => predicted === k,
    );
    const precision = share(
      all.filter(({ predicted }) => predicted === k),
      ({ truth }) => truth === k,
    );
    const both = (2 * precision * recall) / (precision + recall);
    const f1 = Number.isNaN(precision) && Number.isNaN(recall) ? nan : both || 0;
    return { name, count: all.filter(({ truth }) => truth === k).length, precision, recall, f1 };
  });
  const present = perClass.filter(({ count }) => count > 0);
  let ece = 0;
  for (let m = 1; m <= 15; m++) {
    const bin = all.filter(({ confidence: c }) => c > (m - 1) / 15 && c <= m / 15);
    if (bin.length === 0) continue;
    const gap =
      share(bin, ({ truth, predicted }) => truth === predicted) - mean(bin.map((e) => e.confidence));
    ece += (bin.length / all.length) * Math.abs(gap);
  }
  return {
    accuracy: share(all, ({ truth, predicted }) => truth === predicted),
    top5: share(all, ({ truth, order }) => order.slice(0, 5).some(({ k }) => k === truth)),
    balancedAccuracy: mean(present.map(({ recall }) => recall)),
    majorityBaseline: Math.max(...present.map(({ count }) => count)) / all.length,
    logLoss: mean(all.map(({ truth, row }) => -Math.log(row[truth] < 1e-15 ? 1e-15 : row[truth]))),
    macroF1: mean(perClass.map(({ f1 }) => f1).filter((f1) => f1 >= 0)),
    perClass,
    ece,
  };
}

/** With the last digits cut off, in which ways of computing differ. */
function rounded({ f1, ...exact }: ClassificationClassResult) {
  return { ...exact, f1: Number(f1.toFixed(12)) };
}

describe("against figures straight from their definitions", () => {
  it.each([
    [1, 2, 40],
    [2, 5, 30],
    [3, 12, 500],
    [4, 40, 60],
    [5, 7, 1],
  ])("seed %i: %i classes, %i examples", (seed, classCount, count) => {
    const random = new Random(seed);
    const classes = Array.from({ length: classCount }, (_, k) => `class ${k}`);
    const input = examples(
      classes,
      Array.from({ length: count }, () => {
        const truth = random.integer(classCount);
        // Whole numbers for ties; the truth is favoured, some are never.
        const weights = classes.map((_, k) => random.integer(6) + (k === truth ? random.integer(9) : 0));
        weights[random.integer(classCount)] += 1;
        const sum = weights.reduce((a, b) => a + b);
        return [truth, ...weights.map((weight) => weight / sum)];
      }),
    );
    const { perClass, ece, ...figures } = slowly(input);
    const fast = evaluateClassification(input);
    for (const [name, value] of Object.entries(figures)) {
      expect(fast[name as keyof typeof figures], name).toBeCloseTo(value, 10);
    }
    expect(fast.calibration.ece).toBeCloseTo(ece, 10);
    expect(fast.calibration.bins.reduce((sum, bin) => sum + bin.count, 0)).toBe(count);
    expect(fast.perClass.map(rounded)).toEqual(perClass.map(rounded));
  });
});

describe("input that cannot be evaluated", () => {
  const classes = ["a", "b"];
  const probabilities = Float32Array.of(0.5, 0.5);
  const rows: [what: string, input: ClassifiedExamples, code: string, message: RegExp][] = [
    [
      "no examples",
      { classes, truths: [], probabilities: new Float32Array() },
      "examples-empty",
      /no examples/,
    ],
    ["a row too few", { classes, truths: [0, 1], probabilities }, "probabilities-length", /2 .* need 4/],
    ["a truth too high", { classes, truths: [2], probabilities }, "class-index", /class index 2/],
    ["a negative truth", { classes, truths: [-1], probabilities }, "class-index", /class index -1/],
    ["a broken truth", { classes, truths: [0.5], probabilities }, "class-index", /class index 0.5/],
    ["no classes", { classes: [], truths: [0], probabilities }, "class-index", /0 classes/],
    [
      "NaN",
      { classes, truths: [0], probabilities: Float32Array.of(nan, 1) },
      "probability",
      /NaN for class 0/,
    ],
    [
      "infinity",
      { classes, truths: [0], probabilities: Float32Array.of(1, Number.POSITIVE_INFINITY) },
      "probability",
      /Infinity for class 1/,
    ],
    [
      "a negative",
      { classes, truths: [0], probabilities: Float32Array.of(-0.5, 1.5) },
      "probability",
      /-0.5 for class 0/,
    ],
    ["logits", { classes, truths: [0], probabilities: Float32Array.of(3, 1) }, "probability", /sum to 4/],
  ];

  it.each(rows)("%s", (_, input, code, message) => {
    const evaluate = () => evaluateClassification(input);
    expect(evaluate).toThrow(FoveaError);
    expect(evaluate).toThrow(expect.objectContaining({ code, message: expect.stringMatching(message) }));
  });
});
