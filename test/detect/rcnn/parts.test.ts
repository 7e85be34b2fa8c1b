import { describe, expect, it } from "vitest";
import { grad } from "../../../src/autodiff/index.ts";
import { Random, tensor } from "../../../src/core/index.ts";
import {
  BACKGROUND,
  BETWEEN,
  decodeInGraph,
  encodeBoxes,
  headLoss,
  headMatching,
  headWeights,
  matchBoxes,
  rpnLoss,
  rpnMatching,
  rpnWeights,
  sampleBoxes,
} from "../../../src/detect/rcnn/index.ts";
import { add, Graph, reduceSum, roiPool } from "../../../src/graph/index.ts";
import { compile } from "../../../src/runtime/index.ts";

describe("box codes", () => {
  it("are the paper's, by hand", () => {
    const reference = [10, 20, 30, 60]; // centre (20, 40), 20 × 40
    const box = [20, 40, 60, 60]; // centre (40, 50), 40 × 20
    const codes = [1, 0.25, Math.log(2), -Math.log(2)];
    const encoded = encodeBoxes(box, reference, rpnWeights);
    for (const [i, code] of encoded.entries()) expect(code).toBeCloseTo(codes[i], 6);
    const weighted = encodeBoxes(box, reference, headWeights);
    for (const [i, code] of weighted.entries()) expect(code).toBeCloseTo(codes[i] * headWeights[i], 5);
  });

  it("never make more than 1,000 pixels of 16", async () => {
    const graph = new Graph();
    const reference = graph.constant(tensor([0, 0, 16, 16], [1, 4]));
    const boxes = decodeInGraph(graph.input("codes", [1, 4]), reference, rpnWeights);
    const program = await compile({ outputs: { boxes }, threads: 1 });
    const { data } = (await program.run({ codes: tensor([0, 0, 99, 0], [1, 4]) })).boxes;
    await program.release();
    expect(Number(data[2]) - Number(data[0])).toBeCloseTo(1_000, 2);
  });

  it("refuse lists of different lengths", () => {
    const failure = expect.objectContaining({ code: "boxes-length" });
    expect(() => encodeBoxes([0, 0, 1, 1], [], rpnWeights)).toThrow(failure);
    expect(() => encodeBoxes([0, 0, 1], [0, 0, 1], rpnWeights)).toThrow(failure);
  });
});

describe("matchBoxes", () => {
  const object = [0, 0, 10, 10];

  it("includes the upper threshold and excludes the lower, as the papers' ≥ and <", () => {
    const boxes = [0, 0, 10, 7, 0, 0, 10, 3, 0, 0, 10, 2.9, 20, 20, 30, 30]; // IoU 0.7, 0.3, 0.29, 0
    expect([...matchBoxes(boxes, object, { high: 0.7, low: 0.3 })]).toEqual([
      0,
      BETWEEN,
      BACKGROUND,
      BACKGROUND,
    ]);
    expect([...matchBoxes(boxes, object, headMatching)]).toEqual([0, BACKGROUND, BACKGROUND, BACKGROUND]);
  });

  it("gives an object its best boxes, all of equal ones, but none that does not touch it", () => {
    const boxes = [0, 0, 10, 2, 0, 8, 10, 10, 0, 0, 10, 1]; // 0.2, 0.2, 0.1
    expect([...matchBoxes(boxes, object, rpnMatching)]).toEqual([0, 0, BACKGROUND]);
    expect([...matchBoxes([20, 20, 30, 30], object, rpnMatching)]).toEqual([BACKGROUND]);
  });

  it("takes pictures without objects, and without boxes", () => {
    expect([...matchBoxes([0, 0, 1, 1, 2, 2, 3, 3], [], rpnMatching)]).toEqual([BACKGROUND, BACKGROUND]);
    expect([...matchBoxes([], object, rpnMatching)]).toEqual([]);
  });
});

describe("sampleBoxes", () => {
  const matches = Int32Array.from({ length: 500 }, (_, i) =>
    i % 5 === 0 ? i % 3 : i % 7 === 0 ? BETWEEN : BACKGROUND,
  );
  const options = { count: 60, positiveShare: 0.25 };

  it("draws boxes of either kind, each once, the same for the same seed", () => {
    const { positives, negatives } = sampleBoxes(matches, options, new Random(3));
    expect(positives.length).toBe(15);
    expect(negatives.length).toBe(45);
    expect(positives.every((box) => matches[box] >= 0)).toBe(true);
    expect(negatives.every((box) => matches[box] === BACKGROUND)).toBe(true);
    expect(new Set([...positives, ...negatives]).size).toBe(60);
    expect(sampleBoxes(matches, options, new Random(3))).toEqual({ positives, negatives });
    expect(sampleBoxes(matches, options, new Random(4))).not.toEqual({ positives, negatives });
  });

  it("draws each box about equally often", () => {
    const counts = new Int32Array(20);
    for (let seed = 0; seed < 400; seed++) {
      const all = new Int32Array(20).fill(BACKGROUND);
      for (const box of sampleBoxes(all, { count: 5, positiveShare: 0.5 }, new Random(seed)).negatives)
        counts[box]++;
    }
    for (const count of counts) expect(Math.abs(count - 100)).toBeLessThan(40); // 4.6 deviations
  });
});

describe("losses", () => {
  it("are 0 without NaN where nothing was drawn, and nothing flows back", async () => {
    const graph = new Graph();
    const input = (name: string, shape: number[]) => graph.input(name, shape);
    const rpn = {
      objectness: input("objectness", [1, 3]),
      codes: input("codes", [1, 3, 4]),
      labels: input("labels", [1, 3]),
      targets: input("targets", [1, 3, 4]),
    };
    const heads = {
      logits: input("logits", [2, 3]),
      codes: input("headCodes", [2, 12]),
      labels: input("headLabels", [2, 3]),
      targets: input("headTargets", [2, 4]),
    };
    const parts = { rpn: rpnLoss(rpn), heads: headLoss(heads) };
    const loss = [parts.rpn.classes, parts.rpn.boxes, parts.heads.classes, parts.heads.boxes].reduce(add);
    const [d1, d2, d3, d4] = grad(loss, [rpn.objectness, rpn.codes, heads.logits, heads.codes]);
    const program = await compile({ outputs: { loss, d1: d1!, d2: d2!, d3: d3!, d4: d4! }, threads: 1 });
    const fill = (value: number, shape: number[]) =>
      tensor(new Array(shape.reduce((a, b) => a * b)).fill(value), shape);
    const found = await program.run({
      objectness: fill(5, [1, 3]),
      codes: fill(2, [1, 3, 4]),
      labels: fill(-1, [1, 3]),
      targets: fill(9, [1, 3, 4]),
      logits: fill(1, [2, 3]),
      headCodes: fill(2, [2, 12]),
      headLabels: fill(0, [2, 3]),
      headTargets: fill(9, [2, 4]),
    });
    for (const { data } of Object.values(found))
      expect([...(data as Float32Array)].every((v) => v === 0)).toBe(true);
    await program.release();
  });
});

describe("roiPool", () => {
  it("gives NaN instead of a wrong gradient where a region reaches far beyond the map", async () => {
    const graph = new Graph();
    const x = graph.input("x", [1, 1, 8, 8]);
    const regions = graph.input("regions", [1, 4]);
    const y = roiPool(x, regions, graph.integers([0]), { outputHeight: 4, outputWidth: 4 });
    const [dx] = grad(reduceSum(y, undefined, false), [x]);
    const program = await compile({ outputs: { dx: dx! }, threads: 1 });
    const ramp = tensor(Array.from({ length: 64 }, (_, i) => i), [1, 1, 8, 8]); // biome-ignore format: one thing
    const gradientOf = async (corners: number[]) =>
      (await program.run({ x: ramp, regions: tensor(corners, [1, 4]) })).dx.data as Float32Array;
    const whole = await gradientOf([0, 0, 7, 7]);
    expect(whole.reduce((a, b) => a + b)).toBe(16);
    expect(whole[63]).toBe(1); // the largest of all, of the last bin
    expect(whole[9]).toBe(1); // the largest of the first bin
    expect((await gradientOf([-20, -20, 40, 40])).some(Number.isNaN)).toBe(true);
    await program.release();
  });
});
