import { describe, expect, it } from "vitest";
import { grad } from "../../src/autodiff/index.ts";
import { Random, tensor } from "../../src/core/index.ts";
import { Graph, slice } from "../../src/graph/index.ts";
import { type BoxUnit, type LocalizationLoss, localizationLoss } from "../../src/localize/index.ts";
import { trainingObjective } from "../../src/localize/loss.ts";
import { evaluate } from "../autodiff/evaluate.ts";

const CLASSES = 3;

/** Loss, its parts and its gradient by the raw answers `[N, 5 + classes]`: Pc, bx, by, bh, bw, classes. */
async function lossOf(kind: LocalizationLoss, answers: number[][], targets: number[][], unit?: BoxUnit) {
  const graph = new Graph();
  const raw = graph.input("raw", [answers.length, 5 + CLASSES]);
  const truth = graph.input("truth", [answers.length, 5 + CLASSES]);
  const at = (i: number) => slice(raw, 1, i, i + 1);
  const answer = {
    presence: at(0),
    box: { cx: at(1), cy: at(2), height: at(3), width: at(4) },
    classes: slice(raw, 1, 5, 5 + CLASSES),
  };
  const { loss, reports } = localizationLoss(answer, truth, kind, unit);
  const [gradient] = grad(loss, [raw]);
  return evaluate({ loss, gradient: gradient!, ...reports }, { raw: answers.flat(), truth: targets.flat() });
}

const sigmoid = (z: number) => 1 / (1 + Math.exp(-z));
const softmax = (z: number[]) => {
  const exps = z.map(Math.exp);
  return exps.map((e) => e / exps.reduce((a, b) => a + b));
};

const car = [1, 0.5, 0.7, 0.3, 0.4, 0, 1, 0];
const background = [0, 0, 0, 0, 0, 0, 0, 0];
const answer = [0.8, 0.45, 0.75, 0.2, 0.5, 0.1, 0.9, -0.4];
const other = [-0.3, 0.2, 0.3, 0.4, 0.1, 1, 2, 3];

describe("the mixed loss", () => {
  it("is logistic for Pc, squared for the box, log-likelihood for the class", async () => {
    const { loss, presence, box, class: ofClass } = await lossOf("mixed", [answer], [car]);
    expect(presence[0]).toBeCloseTo(-Math.log(sigmoid(0.8)), 6);
    expect(box[0]).toBeCloseTo(0.05 ** 2 + 0.05 ** 2 + 0.1 ** 2 + 0.1 ** 2, 6);
    expect(ofClass[0]).toBeCloseTo(-Math.log(softmax([0.1, 0.9, -0.4])[1]), 6);
    expect(loss[0]).toBeCloseTo(presence[0] + box[0] + ofClass[0], 6);
  });

  it("may measure the box's errors by the object's own sides, but by no sliver's", async () => {
    const { box } = await lossOf("mixed", [answer], [car], "object");
    const errors = [0.05 / 0.4, 0.05 / 0.3, 0.1 / 0.3, 0.1 / 0.4];
    expect(box[0]).toBeCloseTo(
      errors.reduce((sum, e) => sum + e * e, 0),
      6,
    );
    const sliver = [1, 0.5, 0.7, 0.3, 0.01, 0, 1, 0];
    const thin = await lossOf("mixed", [[0.8, 0.58, 0.7, 0.3, 0.01, 0.1, 0.9, -0.4]], [sliver], "object");
    expect(thin.box[0]).toBeCloseTo(1, 5); // 0.08 off, measured by 0.08
    const none = await lossOf("mixed", [answer], [background], "object");
    expect(none.box[0]).toBe(0);
  });

  it("of background is that of Pc alone", async () => {
    const { loss } = await lossOf("mixed", [answer], [background]);
    expect(loss[0]).toBeCloseTo(-Math.log(1 - sigmoid(0.8)), 6);
  });
});

describe("the squared loss", () => {
  it("is the sum of squared errors over all components where there is an object", async () => {
    const { loss } = await lossOf("squared", [answer], [car]);
    const said = [sigmoid(0.8), 0.45, 0.75, 0.2, 0.5, ...softmax([0.1, 0.9, -0.4])];
    const expected = said.reduce((sum, y, i) => sum + (y - car[i]) ** 2, 0);
    expect(loss[0]).toBeCloseTo(expected, 6);
  });

  it("is (ŷ1 − y1)² for background", async () => {
    const { loss } = await lossOf("squared", [answer], [background]);
    expect(loss[0]).toBeCloseTo(sigmoid(0.8) ** 2, 6);
  });
});

describe("the IoU loss", () => {
  it("is 1 − distance IoU for the box", async () => {
    // Equal boxes, one half a width aside: IoU 1/3, centres 0.1 apart in a hull of 0.3 × 0.2.
    const { box } = await lossOf(
      "iou",
      [[9, 0.5, 0.5, 0.2, 0.2, 0, 9, 0]],
      [[1, 0.6, 0.5, 0.2, 0.2, 0, 1, 0]],
    );
    expect(box[0]).toBeCloseTo(1 - (1 / 3 - 0.1 ** 2 / (0.3 ** 2 + 0.2 ** 2)), 5);
  });
});

describe.each(["mixed", "squared", "iou"] as const)("what is not asked for, %s", (kind) => {
  it("has a gradient of exactly 0, and everything else has one", async () => {
    const { gradient } = await lossOf(kind, [answer, other], [background, car]);
    const [ofBackground, ofCar] = [gradient.slice(0, 8), gradient.slice(8)];
    expect(Math.abs(ofBackground[0])).toBeGreaterThan(1e-3);
    expect(ofBackground.slice(1).every((g) => g === 0)).toBe(true);
    for (const [i, g] of ofCar.entries()) expect(Math.abs(g), `component ${i}`).toBeGreaterThan(1e-6);
  });

  it("does not change the loss by a bit, whatever answer and target say", async () => {
    const before = await lossOf(kind, [answer, other], [background, car]);
    const changed = answer.map((value, i) => (i === 0 ? value : 7 - 3 * value));
    const anything = [0, 0.3, 0.9, 0.4, 0.2, 1, 0, 1];
    const after = await lossOf(kind, [changed, other], [anything, car]);
    expect(after.loss).toEqual(before.loss);
    expect(after.gradient).toEqual(before.gradient);
  });
});

describe("what training minimises", () => {
  /** Its value, reports and gradient for pictures of 2×4 cells, by what the cells say: worth, Pc, box, classes. */
  async function objectiveOf(said: number[], targets: number[][]) {
    const graph = new Graph();
    const n = targets.length;
    const raw = graph.input("raw", [n, 6 + CLASSES, 8]);
    const truth = graph.input("truth", [n, 5 + CLASSES]);
    const places = Array.from({ length: 8 }, (_, i) => i);
    const constant = (values: number[]) => graph.constant(tensor(values, [1, 1, 8]));
    const at = (i: number) => slice(raw, 1, i, i + 1);
    const cells = {
      worth: at(0),
      presence: at(1),
      box: { cx: at(2), cy: at(3), height: at(4), width: at(5) },
      classes: slice(raw, 1, 6, 6 + CLASSES),
      x: constant(places.map((i) => ((i % 4) + 0.5) / 4)),
      y: constant(places.map((i) => (Math.floor(i / 4) + 0.5) / 2)),
      columns: 4,
      rows: 2,
    };
    const { loss, reports } = trainingObjective(cells, truth, "mixed", "object");
    const [gradient] = grad(loss, [raw]);
    return evaluate({ loss, gradient: gradient!, ...reports }, { raw: said, truth: targets.flat() });
  }

  // A small object in the middle of the cell in column 2 of row 1.
  const object = [1, 0.625, 0.75, 0.1, 0.1, 1, 0, 0];
  const PER_PICTURE = (6 + CLASSES) * 8;
  const random = new Random(2);
  const said = Array.from({ length: 2 * PER_PICTURE }, () => random.uniform(0.1, 0.9));

  it("pulls up what the object's cell is worth, from ln of the number of cells on", async () => {
    const alike = Array.from({ length: PER_PICTURE }, () => 0.3);
    const { look, gradient } = await objectiveOf(alike, [object]);
    expect(look[0]).toBeCloseTo(Math.log(8), 5);
    const worth = gradient.slice(0, 8);
    expect(worth.indexOf(Math.min(...worth))).toBe(6);
    expect(worth[6]).toBeLessThan(0);
  });

  it("teaches the object's cell however little it is worth", async () => {
    const modest = said.map((value, i) => (i % PER_PICTURE === 6 ? -20 : value));
    const { gradient } = await objectiveOf(modest, [object, object]);
    for (let channel = 1; channel < 6 + CLASSES; channel++) {
      expect(Math.abs(gradient[channel * 8 + 6]), `channel ${channel}`).toBeGreaterThan(1e-4);
    }
  });

  it("asks for no box and no class where there is no object, with a gradient of exactly 0", async () => {
    const { gradient, loss } = await objectiveOf(said, [background, object]);
    const ofBackground = gradient.slice(0, PER_PICTURE);
    expect(ofBackground.slice(16).every((g) => g === 0)).toBe(true);
    expect(ofBackground.slice(8, 16).every((g) => g > 0)).toBe(true); // Pc, by every cell
    const others = said.map((value, i) => (i >= 16 && i < PER_PICTURE ? 5 - 2 * value : value));
    expect((await objectiveOf(others, [background, object])).loss).toEqual(loss);
  });
});
