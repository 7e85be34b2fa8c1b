import { describe, expect, it } from "vitest";
import { Random } from "../../../src/core/index.ts";
import type { TrainedHead } from "../../../src/face/train/card.ts";
import { exportHead } from "../../../src/face/train/export-head.ts";
import { SiameseHead } from "../../../src/face/train/siamese-head.ts";
import { encodeModel, Graph, relu } from "../../../src/graph/index.ts";

const SIZE = 5;

function headFor(form: TrainedHead["form"], split: boolean): TrainedHead {
  const random = new Random(11);
  const weight = Array.from({ length: split ? 2 * SIZE : SIZE }, () => Math.fround(random.normal(-1, 0.5)));
  return { form, split, scale: 2, weight, bias: 1.5, threshold: 0.4 };
}

const card = { task: "same-person", size: SIZE, encoder: "abc", trainedOn: "", version: "0" } as const;

function open(head: TrainedHead): Promise<SiameseHead> {
  return SiameseHead.load(exportHead(head, { ...card, head }), { threads: 1 });
}

/** The formula, number by number. */
function probability(
  { form, split, scale, weight, bias }: TrainedHead,
  a: Float32Array,
  b: Float32Array,
): number {
  const wide = (x: Float32Array) =>
    split ? [...x.map((value) => Math.max(value, 0)), ...x.map((value) => Math.max(-value, 0))] : [...x];
  const [x, y] = [wide(a), wide(b)];
  const logit = x.reduce((sum, value, k) => {
    const difference = Math.abs(value - y[k]);
    const compared = form === "difference" ? difference : difference ? difference ** 2 / (value + y[k]) : 0;
    return sum + weight[k] * scale * compared;
  }, bias);
  return 1 / (1 + Math.exp(-logit));
}

describe.each([
  ["difference", false],
  ["chi2", false],
  ["chi2", true],
] as const)("a head of the %s form (signs split: %s)", (form, split) => {
  const random = new Random(12);
  const signed = form === "difference" || split;
  const encodings = Array.from({ length: 7 }, () =>
    Float32Array.from({ length: SIZE }, () => (signed ? random.normal() : Math.abs(random.normal()))),
  );

  it("says what the formula says, the same for both orders", async () => {
    const head = headFor(form, split);
    const opened = await open(head);
    for (const a of encodings) {
      for (const b of encodings) {
        const said = await opened.probability(a, b);
        expect(said).toBeCloseTo(probability(head, a, b), 5);
        expect(await opened.probability(b, a)).toBeCloseTo(said, 6);
      }
      expect(await opened.probability(a, a)).toBeCloseTo(1 / (1 + Math.exp(-1.5)), 5);
    }
    await opened.close();
  });

  it("says of many pairs at once what it says of each", async () => {
    const opened = await open(headFor(form, split));
    const pairs = Array.from({ length: 9000 }, (_, i) => [encodings[i % 7], encodings[(i * 3) % 7]]);
    const said = await opened.probabilities(
      pairs.map(([a]) => a),
      pairs.map(([, b]) => b),
    );
    expect(said).toHaveLength(9000);
    for (const i of [0, 5, 8191, 8192, 8999]) {
      expect(said[i]).toBeCloseTo(await opened.probability(pairs[i][0], pairs[i][1]), 6);
    }
    await opened.close();
  });
});

describe("SiameseHead", () => {
  it("tells which encoder it belongs to, and where it draws the line", async () => {
    const opened = await open(headFor("difference", false));
    expect(opened.card).toMatchObject({ encoder: "abc", size: SIZE, head: { threshold: 0.4 } });
    await opened.close();
  });

  it("refuses encodings of another encoder, and pairs that are none", async () => {
    const opened = await open(headFor("difference", false));
    const [a, b] = [new Float32Array(SIZE), new Float32Array(SIZE + 1)];
    await expect(opened.probability(a, b)).rejects.toMatchObject({
      code: "shape-mismatch",
      message: expect.stringContaining("5 numbers, not of 6"),
    });
    await expect(opened.probabilities([a, a], [a])).rejects.toMatchObject({ code: "shape-mismatch" });
    expect(await opened.probabilities([], [])).toHaveLength(0);
    await opened.close();
  });

  it("refuses another encoder than its own", async () => {
    const opened = await open(headFor("difference", false));
    opened.requireEncoder({ name: "own", digest: "abc", size: SIZE });
    expect(() => opened.requireEncoder({ name: "other", digest: "def", size: SIZE })).toThrow(
      expect.objectContaining({
        code: "head-other-encoder",
        message: expect.stringMatching(/\(abc…\) than `other` \(def…\)/),
      }),
    );
    await opened.close();
  });

  it("refuses a model of another kind", async () => {
    const graph = new Graph();
    const bytes = encodeModel({ outputs: { y: relu(graph.input("x", [1])) } });
    await expect(SiameseHead.load(bytes)).rejects.toMatchObject({ code: "not-a-head" });
  });
});
