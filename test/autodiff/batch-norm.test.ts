import { describe, expect, it } from "vitest";
import { grad } from "../../src/autodiff/index.ts";
import { Random, type Tensor, tensor, toNumbers } from "../../src/core/index.ts";
import {
  add,
  BatchNormalization,
  batchNormalization,
  batchNormalizationTraining,
  div,
  Graph,
  mul,
  reduceMean,
  reduceSum,
  relu,
  reshape,
  sqrt,
  sub,
  type Value,
} from "../../src/graph/index.ts";
import { compile, type Tensors } from "../../src/runtime/index.ts";
import { expectClose } from "../graph/closeness.ts";

/**
 * ONNX Runtime writes a training batch norm's statistics over the mean and variance that it is given, and
 * merges constants of up to 8 equal elements into one. Two of them in a graph, or one beside a constant of
 * the same content, then read each other's statistics. The expected values here are computed by hand.
 */
const SHAPE = [3, 4] as const;

interface Expected {
  y: number[];
  dx: number[];
  dScale: number[];
  dOffset: number[];
  mean: number[];
  variance: number[];
}

/** Batch norm of `[positions, channels]` and its gradients, by Ioffe & Szegedy's own formulas. */
function reference(
  x: ArrayLike<number>,
  channels: number,
  scale: ArrayLike<number>,
  offset: ArrayLike<number>,
  dy: ArrayLike<number>,
): Expected {
  const count = x.length / channels;
  const result: Expected = {
    y: new Array(x.length),
    dx: new Array(x.length),
    dScale: [],
    dOffset: [],
    mean: [],
    variance: [],
  };
  for (let c = 0; c < channels; c++) {
    const places = Array.from({ length: count }, (_, i) => i * channels + c);
    const total = (of: (i: number) => number) => places.reduce((sum, i) => sum + of(i), 0);
    const mean = total((i) => x[i]) / count;
    const variance = total((i) => (x[i] - mean) ** 2) / count;
    const r = 1 / Math.sqrt(variance + 1e-5);
    const hat = (i: number) => (x[i] - mean) * r;
    const dOffset = total((i) => dy[i]);
    const dScale = total((i) => dy[i] * hat(i));
    for (const i of places) {
      result.y[i] = scale[c] * hat(i) + offset[c];
      result.dx[i] = scale[c] * r * (dy[i] - dOffset / count - (hat(i) * dScale) / count);
    }
    result.mean.push(mean);
    result.variance.push(variance);
    result.dScale.push(dScale);
    result.dOffset.push(dOffset);
  }
  return result;
}

function drawList(random: Random, length: number, low = -2, high = 2): Float32Array {
  return Float32Array.from({ length }, () => random.uniform(low, high));
}

/** Parameters and weights of the loss for one batch norm. */
function drawNorm(random: Random, channels: number, positions: number) {
  return {
    x: drawList(random, positions * channels),
    scale: drawList(random, channels, 0.5, 1.5),
    offset: drawList(random, channels),
    dy: drawList(random, positions * channels),
  };
}

const tolerance = { relative: 1e-4, ofLargest: 1e-5 };

describe("batch norms in training mode, several in one graph", () => {
  it.each([
    [[1, 4]],
    [[4, 4]],
    [[1, 1, 1]],
    [[4, 1, 4, 1]],
    [[8, 8]],
    [[9, 9]],
  ])("side by side with channels %j, on every run", async (widths) => {
    const positions = 6;
    const random = new Random(7, ...widths);
    const g = new Graph();
    const norms = widths.map((channels, i) => {
      const inputs = {
        x: g.input(`x${i}`, [positions, channels]),
        scale: g.input(`scale${i}`, [channels]),
        offset: g.input(`offset${i}`, [channels]),
        dy: g.input(`dy${i}`, [positions, channels]),
      };
      return { inputs, statistics: batchNormalizationTraining(inputs.x, inputs.scale, inputs.offset) };
    });
    const loss = norms
      .map(({ inputs, statistics }) => reduceSum(mul(statistics.y, inputs.dy), undefined, false))
      .reduce((a, b) => add(a, b));
    const outputs: Record<string, Value> = {};
    for (const [i, { inputs, statistics }] of norms.entries()) {
      const [dx, dScale, dOffset] = grad(loss, [inputs.x, inputs.scale, inputs.offset]);
      Object.assign(outputs, { [`dX${i}`]: dx, [`dScale${i}`]: dScale, [`dOffset${i}`]: dOffset });
      Object.assign(outputs, {
        [`y${i}`]: statistics.y,
        [`mean${i}`]: statistics.mean,
        [`variance${i}`]: statistics.variance,
      });
    }
    const program = await compile({ outputs, threads: 1 });
    for (let run = 0; run < 3; run++) {
      const drawn = widths.map((channels) => drawNorm(random, channels, positions));
      const feeds: Tensors = {};
      for (const [i, lists] of drawn.entries()) {
        for (const [key, value] of Object.entries(norms[i].inputs)) {
          feeds[`${key}${i}`] = tensor(lists[key as keyof typeof lists], value.dims);
        }
      }
      const results = await program.run(feeds);
      for (const [i, { x, scale, offset, dy }] of drawn.entries()) {
        const expected = reference(x, widths[i], scale, offset, dy);
        const check = (name: string, values: number[]) =>
          expectClose(results[`${name}${i}`].data, values, tolerance, `run ${run}: ${name}${i}`);
        check("y", expected.y);
        check("mean", expected.mean);
        check("variance", expected.variance);
        check("dX", expected.dx);
        check("dScale", expected.dScale);
        check("dOffset", expected.dOffset);
      }
    }
    await program.release();
  });

  it("stacked, gives the same results on every run, and those of single passes", async () => {
    const g = new Graph();
    const random = new Random(11);
    const [positions, channels] = SHAPE;
    const x = g.input("x", SHAPE);
    const parameter = (name: string) => g.input(name, [channels]);
    const [scale1, offset1, scale2, offset2] = ["scale1", "offset1", "scale2", "offset2"].map(parameter);
    const dy = g.input("dy", SHAPE);
    const inner = batchNormalizationTraining(x, scale1, offset1);
    const outer = batchNormalizationTraining(inner.y, scale2, offset2);
    const [dx] = grad(reduceSum(mul(outer.y, dy), undefined, false), [x]);
    const program = await compile({ outputs: { dx: dx! }, threads: 1 });
    const first = drawNorm(random, channels, positions);
    const second = drawNorm(random, channels, positions);
    const forward = reference(first.x, channels, first.scale, first.offset, first.dy);
    const back = reference(forward.y, channels, second.scale, second.offset, second.dy);
    const expected = reference(first.x, channels, first.scale, first.offset, back.dx).dx;
    const list = (values: Float32Array): Tensor => tensor(values, [channels]);
    const feeds = {
      x: tensor(first.x, SHAPE),
      dy: tensor(second.dy, SHAPE),
      scale1: list(first.scale),
      offset1: list(first.offset),
      scale2: list(second.scale),
      offset2: list(second.offset),
    };
    for (let run = 0; run < 3; run++) {
      const results = await program.run(feeds);
      expectClose(results.dx.data, expected, { relative: 1e-3, ofLargest: 1e-3 }, `run ${run}: ∂loss/∂x`);
    }
    await program.release();
  });

  it.each([1, 4])("leaves constants of the same content alone (%i channels)", async (channels) => {
    const g = new Graph();
    const x = g.input("x", [3, channels]);
    const full = (value: number) =>
      g.constant({ dtype: "float32", shape: [channels], data: new Float32Array(channels).fill(value) });
    const own = Array.from({ length: 12 }, (_, i) => full(i - 2));
    const { y } = batchNormalizationTraining(x, full(1), full(0));
    const kept = own.map((value) => add(value, mul(reduceSum(y, [0], false), 0)));
    const program = await compile({
      outputs: Object.fromEntries(kept.map((value, i) => [`kept${i}`, value])),
      threads: 1,
    });
    for (let run = 0; run < 2; run++) {
      const results = await program.run({
        x: tensor(drawList(new Random(run), 3 * channels), [3, channels]),
      });
      for (const i of own.keys()) {
        const expected = new Array(channels).fill(i - 2);
        expectClose(
          results[`kept${i}`].data,
          expected,
          { relative: 0, ofLargest: 0 },
          `run ${run}: kept${i}`,
        );
      }
    }
    await program.release();
  });
});

describe("a batch norm's statistics", () => {
  /** Batch norm put together of means: all that is asked of the operator can be asked of it. */
  function byMeans(x: Value, scale: Value, offset: Value) {
    const across = (value: Value) => reduceMean(value, [0, 2]);
    const centred = sub(x, across(x));
    const variance = across(mul(centred, centred));
    const normed = div(centred, sqrt(add(variance, 1e-5)));
    const flat = (value: Value) => reshape(value, [2]);
    const wide = (value: Value) => reshape(value, [1, 2, 1]);
    return {
      y: add(mul(normed, wide(scale)), wide(offset)),
      mean: flat(across(x)),
      variance: flat(variance),
    };
  }

  it("pass gradients on, and second derivatives, as those of means do", async () => {
    const random = new Random(8);
    const draw = (size: number) => Array.from({ length: size }, () => random.normal());
    const feeds = { x: tensor(draw(24), [3, 2, 4]), scale: tensor([1.5, -0.5]), offset: tensor([0.3, 2]) };
    const results = await Promise.all(
      [batchNormalizationTraining, byMeans].map(async (norm) => {
        const g = new Graph();
        const x = g.input("x", [3, 2, 4]);
        const [scale, offset] = [g.input("scale", [2]), g.input("offset", [2])];
        const { y, mean, variance } = norm(x, scale, offset);
        const total = (value: Value) => reduceSum(value, undefined, false);
        const loss = add(total(mul(mul(y, y), y)), add(total(mul(mean, 3)), total(mul(variance, variance))));
        const [dx, dScale] = grad(loss, [x, scale]);
        const [ofStatistics] = grad(add(total(mul(mean, mean)), total(variance)), [x]);
        const [second] = grad(total(mul(dx!, dx!)), [x]);
        const outputs = { dx: dx!, dScale: dScale!, ofStatistics: ofStatistics!, second: second! };
        const program = await compile({ outputs, threads: 1 });
        const found = await program.run(feeds);
        await program.release();
        return found;
      }),
    );
    for (const name of ["dx", "dScale", "ofStatistics", "second"] as const) {
      const [own, byHand] = results.map((result) => toNumbers(result[name]));
      expectClose(own, byHand, { relative: 1e-3, ofLargest: 1e-4 }, name);
    }
  });
});

describe("batch norm as imported models bring it", () => {
  it("refuses a loss that depends on running statistics it returns", () => {
    const g = new Graph();
    const x = g.input("x", [3, 2]);
    const inputs = [x, ...["scale", "offset", "mean", "variance"].map((name) => g.input(name, [2]))];
    const [y, , variance] = g.apply(BatchNormalization, inputs, { training_mode: 1, momentum: 0.5 });
    const loss = add(reduceSum(relu(y), undefined, false), reduceSum(variance, undefined, false));
    expect(() => grad(loss, [x])).toThrow(/BatchNormalization.*running statistics.*momentum 0.5/);
  });

  it("has an exact gradient by its gains where means are a thousand deviations, in training and out of it", async () => {
    const random = new Random(2);
    const x = Array.from({ length: 400 }, () => Math.fround(1000 + random.normal()));
    const dy = x.map(() => Math.fround(random.normal()));
    const mean = x.reduce((total, value) => total + value, 0) / 400;
    const variance = x.reduce((total, value) => total + (value - mean) ** 2, 0) / 400;
    const dotOf = (centre: number) => x.reduce((total, value, i) => total + dy[i] * (value - centre), 0);
    const g = new Graph();
    const input = g.input("x", [400, 1]);
    const [scale, offset] = [g.input("scale", [1]), g.input("offset", [1])];
    const given = (number: number) => g.constant(tensor([number]));
    const results = {
      trained: batchNormalizationTraining(input, scale, offset).y,
      shipped: batchNormalization(input, scale, offset, given(1000), given(1)),
    };
    const gradientOf = (y: Value) =>
      grad(reduceSum(mul(y, g.constant(tensor(dy, [400, 1]))), undefined, false), [scale])[0]!;
    const outputs = { trained: gradientOf(results.trained), shipped: gradientOf(results.shipped) };
    const program = await compile({ outputs, threads: 1 });
    const found = await program.run({ x: tensor(x, [400, 1]), scale: tensor([1]), offset: tensor([0]) });
    await program.release();
    const expected = {
      trained: dotOf(mean) / Math.sqrt(variance + 1e-5),
      shipped: dotOf(1000) / Math.sqrt(1 + 1e-5),
    };
    expect(Number(found.trained.data[0]) / expected.trained).toBeCloseTo(1, 3);
    expect(Number(found.shipped.data[0]) / expected.shipped).toBeCloseTo(1, 5);
  });

  it("has the same gradient with a momentum, whatever statistics it is given", async () => {
    const g = new Graph();
    const random = new Random(3);
    const [positions, channels] = SHAPE;
    const { x, scale, offset, dy } = drawNorm(random, channels, positions);
    const input = g.input("x", SHAPE);
    const list = (values: ArrayLike<number>) => g.constant(tensor(values, [channels]));
    const inputs = [input, list(scale), list(offset), list([5, 5, 5, 5]), list([1, 1, 1, 1])];
    const [y] = g.apply(BatchNormalization, inputs, { training_mode: 1, momentum: 0.9 });
    const [dx] = grad(reduceSum(mul(y, g.constant(tensor(dy, SHAPE))), undefined, false), [input]);
    const program = await compile({ outputs: { dx: dx! }, threads: 1 });
    for (let run = 0; run < 3; run++) {
      const results = await program.run({ x: tensor(x, SHAPE) });
      const expected = reference(x, channels, scale, offset, dy).dx;
      expectClose(results.dx.data, expected, tolerance, `run ${run}: ∂loss/∂x`);
    }
    await program.release();
  });
});
