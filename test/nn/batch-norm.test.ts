import { describe, expect, it } from "vitest";
import { Random, toNumbers } from "../../src/core/index.ts";
import { Graph } from "../../src/graph/index.ts";
import { batchNorm, Scope } from "../../src/nn/index.ts";
import { evaluate } from "../autodiff/evaluate.ts";
import { expectClose } from "../graph/closeness.ts";

const CHANNELS = 3;
const close = { relative: 2e-5, ofLargest: 2e-6 };

interface Statistics {
  mean: number[];
  variance: number[];
}

/** Mean and biased variance of each channel of `[N, 3, positions]`. */
function statisticsOf(x: readonly number[], positions: number): Statistics {
  const channels = Array.from({ length: CHANNELS }, (_, c) =>
    x.filter((_, i) => Math.floor(i / positions) % CHANNELS === c),
  );
  const mean = channels.map((values) => values.reduce((sum, v) => sum + v, 0) / values.length);
  const variance = channels.map(
    (values, c) => values.reduce((sum, v) => sum + (v - mean[c]) ** 2, 0) / values.length,
  );
  return { mean, variance };
}

function normalized(
  x: readonly number[],
  positions: number,
  by: Statistics,
  scale: number[],
  offset: number[],
) {
  return x.map((value, i) => {
    const c = Math.floor(i / positions) % CHANNELS;
    return (scale[c] * (value - by.mean[c])) / Math.sqrt(by.variance[c] + 1e-5) + offset[c];
  });
}

/** One pass over a picture batch of the given shape. */
async function pass(training: boolean, shape: number[], feeds: Record<string, number[]>, momentum = 0.1) {
  const graph = new Graph();
  const scope = new Scope(graph, { training });
  const y = batchNorm(scope, graph.input("x", shape), { momentum });
  const updates = Object.fromEntries([...scope.set.updates].map(([name, value]) => [`next ${name}`, value]));
  return evaluate({ y, ...updates }, feeds);
}

describe("batchNorm", () => {
  it.each([
    { shape: [4, CHANNELS, 5], positions: 5 },
    { shape: [2, CHANNELS, 3, 4], positions: 12 },
    { shape: [2, CHANNELS, 2, 3, 2], positions: 12 },
  ])("in training normalises by the batch and keeps momentum averages: $shape", async ({
    shape,
    positions,
  }) => {
    const random = new Random(shape.length);
    const size = shape.reduce((product, dim) => product * dim);
    const count = size / CHANNELS;
    const [scale, offset] = [
      [0.5, 1, -2],
      [0, 3, 1],
    ];
    const expected: Statistics = { mean: [0, 0, 0], variance: [1, 1, 1] };
    let running: Statistics = expected;
    for (let step = 0; step < 4; step++) {
      const x = Array.from({ length: size }, () => random.normal(step, 2));
      const results = await pass(true, shape, { x, scale, offset, ...running }, 0.3);
      const batch = statisticsOf(x, positions);
      expectClose(results.y, normalized(x, positions, batch, scale, offset), close, `output, step ${step}`);
      for (let c = 0; c < CHANNELS; c++) {
        expected.mean[c] = 0.7 * expected.mean[c] + 0.3 * batch.mean[c];
        expected.variance[c] = 0.7 * expected.variance[c] + (0.3 * batch.variance[c] * count) / (count - 1);
      }
      running = { mean: results["next mean"], variance: results["next variance"] };
      expectClose(running.mean, expected.mean, close, `mean, step ${step}`);
      expectClose(running.variance, expected.variance, close, `variance, step ${step}`);
    }
  });

  it("in inference normalises by the running statistics and changes nothing", async () => {
    const random = new Random(8);
    const shape = [2, CHANNELS, 4];
    const x = Array.from({ length: 24 }, () => random.normal());
    const known = { mean: [1, -1, 0.5], variance: [2, 0.25, 1] };
    const [scale, offset] = [
      [1, 2, 3],
      [-1, 0, 1],
    ];
    const results = await pass(false, shape, { x, scale, offset, ...known });
    expectClose(results.y, normalized(x, 4, known, scale, offset), close, "output");
    expect(Object.keys(results)).toEqual(["y"]);
  });

  it("takes a batch of one value a channel as it is: no division by zero", async () => {
    const feeds = { x: [1, 2, 3], scale: [1, 1, 1], offset: [0, 0, 0], mean: [0, 0, 0], variance: [1, 1, 1] };
    const results = await pass(true, [1, CHANNELS, 1], feeds);
    expect(results["next variance"].every(Number.isFinite)).toBe(true);
    expectClose(results["next mean"], [0.1, 0.2, 0.3], close, "mean");
  });

  it("starts at gain 1 or the given one, its gains and offsets without weight decay", () => {
    const graph = new Graph();
    const scope = new Scope(graph);
    batchNorm(scope.at("a"), graph.input("x", [1, 2, 4]), { gain: 0 });
    batchNorm(scope.at("b"), graph.input("y", [1, 2, 4]));
    const values = scope.set.initialValues(0);
    expect(toNumbers(values.get("a.scale")!)).toEqual([0, 0]);
    expect(toNumbers(values.get("b.scale")!)).toEqual([1, 1]);
    expect(toNumbers(values.get("b.variance")!)).toEqual([1, 1]);
    const roles = ["scale", "offset", "mean", "variance"].map(
      (name) => scope.set.parameters.get(`b.${name}`)!.role,
    );
    expect(roles).toEqual(["gain", "gain", "statistic", "statistic"]);
  });
});
