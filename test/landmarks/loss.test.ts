import { describe, expect, it } from "vitest";
import { grad } from "../../src/autodiff/index.ts";
import { Graph } from "../../src/graph/index.ts";
import { heatDivergence, type LandmarkLoss, landmarkLoss, softArgmax } from "../../src/landmarks/index.ts";
import { evaluate } from "../autodiff/evaluate.ts";

const [N, K, SIDE] = [2, 3, 6];

/** Two pictures: of the first the last point is not labelled, in the second the thing is not there. */
const targets = {
  points: [0.2, 0.3, 0.6, 0.7, 0, 0, ...new Array(6).fill(0)],
  visible: [1, 1, 0, 0, 0, 0],
  known: [1, 1, 1, 0, 0, 0],
  present: [1, 0],
};
const answers = {
  answered: [0.25, 0.3, 0.5, 0.9, 0.4, 0.4, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6],
  said: [2, -1],
  seen: [1, 0.5, -0.5, 3, 2, 1],
  maps: Array.from({ length: N * K * SIDE * SIDE }, (_, i) => Math.sin(i)),
};

async function lossOf(loss: LandmarkLoss, withHeat = false) {
  const graph = new Graph();
  const answered = graph.input("answered", [N, K, 2]);
  const present = graph.input("said", [N, 1]);
  const seen = graph.input("seen", [N, K]);
  const heat = graph.input("maps", [N, K, SIDE, SIDE]);
  const truth = {
    points: graph.input("points", [N, K, 2]),
    visible: graph.input("visible", [N, K]),
    known: graph.input("known", [N, K]),
    present: graph.input("present", [N, 1]),
  };
  const answer = { points: withHeat ? softArgmax(heat) : answered, present, seen, ...(withHeat && { heat }) };
  const objective = landmarkLoss(answer, truth, { loss, pointWeight: 1, heatDeviation: 1 });
  const [byPlace, bySeen] = grad(objective.loss, [withHeat ? heat : answered, seen]);
  return evaluate(
    { ...objective.reports, loss: objective.loss, byPlace: byPlace!, bySeen: bySeen! },
    { ...answers, ...targets },
  );
}

const logistic = (z: number, t: number) => Math.log(1 + Math.exp(z)) - z * t;

describe("landmarkLoss", () => {
  it("is the mean squared distance of labelled points, and logistic for what is there", async () => {
    const { position, presence, loss } = await lossOf("squared");
    expect(position[0]).toBeCloseTo((0.05 ** 2 + 0.1 ** 2 + 0.2 ** 2) / 2, 6);
    const ofThings = (logistic(2, 1) + logistic(-1, 0)) / 2;
    const ofPoints = (logistic(1, 1) + logistic(0.5, 1) + logistic(-0.5, 0)) / 3;
    expect(presence[0]).toBeCloseTo(ofThings + ofPoints, 5);
    expect(loss[0]).toBeCloseTo(position[0] + presence[0], 5);
  });

  it("is the wing loss of both coordinates in hundredths", async () => {
    const wing = (d: number) => (d < 10 ? 10 * Math.log(1 + d / 2) : d - (10 - 10 * Math.log(6)));
    const { position } = await lossOf("wing");
    expect(position[0]).toBeCloseTo((wing(5) + wing(10) + wing(20)) / 2, 3);
  });

  it.each([
    "squared",
    "wing",
  ] as const)("has a gradient of exactly 0 for absent points (%s)", async (loss) => {
    const { byPlace, bySeen } = await lossOf(loss);
    expect(byPlace.slice(4).map(Math.abs)).toEqual(new Array(8).fill(0));
    expect(byPlace.slice(0, 4).filter((g) => g !== 0)).toHaveLength(3); // one coordinate is right
    expect(bySeen.map((g) => g !== 0)).toEqual([true, true, true, false, false, false]);
  });

  it("has one of exactly 0 for the heat maps of absent points", async () => {
    const { byPlace, heat } = await lossOf("wing", true);
    const cells = SIDE * SIDE;
    expect(heat[0]).toBeGreaterThan(0);
    expect(byPlace.slice(2 * cells).map(Math.abs)).toEqual(new Array(4 * cells).fill(0));
    expect(byPlace.slice(0, 2 * cells).every((g) => g !== 0)).toBe(true);
  });
});

describe("heat maps", () => {
  /** Maps of one point: logits by row and column. */
  async function of(logit: (row: number, column: number) => number, [x, y]: [number, number]) {
    const graph = new Graph();
    const heat = graph.input("heat", [1, 1, 8, 8]);
    const divergence = heatDivergence(heat, graph.input("points", [1, 1, 2]), 1);
    const cells = Array.from({ length: 64 }, (_, i) => logit(i >> 3, i & 7));
    return evaluate({ place: softArgmax(heat), divergence }, { heat: cells, points: [x, y] });
  }

  it("are read as the mean place of their softmax", async () => {
    const one = await of((row, column) => (row === 2 && column === 5 ? 50 : 0), [0, 0]);
    expect(one.place[0]).toBeCloseTo(5.5 / 8, 5);
    expect(one.place[1]).toBeCloseTo(2.5 / 8, 5);
    const between = await of((row, column) => (row === 2 && (column === 5 || column === 6) ? 50 : 0), [0, 0]);
    expect(between.place[0]).toBeCloseTo(6 / 8, 5);
    const flat = await of(() => 1, [0, 0]);
    expect(flat.place.map((at) => at.toFixed(5))).toEqual(["0.50000", "0.50000"]);
  });

  it("do not diverge from a normal distribution around the point, and do by ln 2 from one far away", async () => {
    const normal = (row: number, column: number) =>
      -0.5 * ((column + 0.5 - 3) ** 2 + (row + 0.5 - 4.25) ** 2);
    const same = await of(normal, [3 / 8, 4.25 / 8]);
    expect(same.divergence[0]).toBeCloseTo(0, 6);
    const sharp = (row: number, column: number) => (row === 7 && column === 7 ? 60 : 0);
    expect((await of(sharp, [0.5 / 8, 0.5 / 8])).divergence[0]).toBeCloseTo(Math.LN2, 4);
    expect((await of(normal, [5 / 8, 4.25 / 8])).divergence[0]).toBeGreaterThan(0.1);
  });
});
