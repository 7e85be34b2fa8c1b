import { Random, sizeOf } from "../../src/core/index.ts";
import {
  add,
  atan,
  averagePool,
  concat,
  conv,
  cos,
  div,
  erf,
  exp,
  expand,
  gather,
  gelu,
  layerNormalization,
  log,
  logSoftmax,
  matmul,
  mish,
  mul,
  neg,
  pad,
  pow,
  reciprocal,
  reduceL2,
  reduceLogSumExp,
  reduceMean,
  reduceSum,
  reduceSumSquare,
  reshape,
  sigmoid,
  silu,
  sin,
  slice,
  softmax,
  softplus,
  split,
  sqrt,
  sub,
  tanh,
  tile,
  transpose,
  transposeLast,
  unsqueeze,
  type Value,
} from "../../src/graph/index.ts";
import { uniform } from "../graph/draw.ts";
import type { OperatorCase } from "../graph/operator-case.ts";

const MAX_ELEMENTS = 48;
const MAX_RANK = 4;

const squarePlusOne = (x: Value) => add(mul(x, x), 1);

/** Smooth everywhere, and no larger than a few units for arguments of that size. */
const unary: readonly ((x: Value) => Value)[] = [
  sin,
  cos,
  tanh,
  sigmoid,
  softplus,
  atan,
  neg,
  erf,
  gelu,
  mish,
  silu,
  (x) => exp(tanh(x)),
  (x) => sqrt(squarePlusOne(x)),
  (x) => reciprocal(squarePlusOne(x)),
  (x) => log(squarePlusOne(x)),
];

const binary: readonly ((a: Value, b: Value) => Value)[] = [
  (a, b) => sin(add(a, b)),
  (a, b) => sin(sub(a, b)),
  (a, b) => tanh(mul(a, b)),
  (a, b) => div(a, squarePlusOne(b)),
  (a, b) => pow(reciprocal(squarePlusOne(a)), sin(b)),
];

/** A step of a random graph; undefined where it does not fit the tensors that it drew. */
type Step = (pool: readonly Value[], random: Random) => Value | undefined;

function along(apply: (x: Value, axis: number, random: Random) => Value): Step {
  return (pool, random) => {
    const x = random.pick(pool);
    return x.rank === 0 ? undefined : apply(x, random.integer(x.rank), random);
  };
}

function broadcasts(a: Value, b: Value): boolean {
  const [m, n] = [[...a.dims].reverse(), [...b.dims].reverse()];
  return m.every((dim, i) => n[i] === undefined || dim === n[i] || dim === 1 || n[i] === 1);
}

const smoothSteps: readonly Step[] = [
  (pool, random) => random.pick(unary)(random.pick(pool)),
  (pool, random) => {
    const [a, b] = [random.pick(pool), random.pick(pool)];
    return broadcasts(a, b) ? random.pick(binary)(a, b) : undefined;
  },
  (pool, random) => {
    const [a, b] = [random.pick(pool), random.pick(pool)];
    if (a.rank < 2 || b.rank !== 2 || a.dims.at(-1) !== b.dims.at(-1)) return;
    return sin(matmul(a, transposeLast(b)));
  },
  (pool, random) => {
    const x = random.pick(pool);
    const order = random.shuffle(x.dims.map((_, i) => i));
    return transpose(x, order);
  },
  (pool, random) => {
    const x = random.pick(pool);
    return random.chance(0.5) ? reshape(x, [sizeOf(x.dims)]) : unsqueeze(x, [random.integer(x.rank + 1)]);
  },
  (pool, random) => {
    const [a, b] = [random.pick(pool), random.pick(pool)];
    return a.rank > 0 && String(a.dims) === String(b.dims)
      ? concat([a, b], random.integer(a.rank))
      : undefined;
  },
  along((x, axis, random) => softmax(x, axis - (random.chance(0.5) ? x.rank : 0))),
  along((x, axis) => mul(logSoftmax(x, axis), 0.5)),
  along((x, axis, random) => reduceMean(x, [axis], random.chance(0.5))),
  along((x, axis, random) => sin(reduceSum(x, [axis], random.chance(0.5)))),
  along((x, axis, random) => tanh(reduceSumSquare(x, [axis], random.chance(0.5)))),
  along((x, axis, random) => {
    const size = x.dims[axis];
    return random.chance(0.5)
      ? slice(x, axis, random.integer(size), size, 1 + random.integer(3))
      : slice(x, axis, size - 1, random.integer(size) - size - 1, -1 - random.integer(2));
  }),
  along((x, axis, random) =>
    pad(
      x,
      x.dims.map((_, i) => (i === axis ? 1 : 0)),
      x.dims.map(() => random.integer(2)),
    ),
  ),
  along((x, axis) => (x.dims[axis] > 1 ? split(x, axis, [1, x.dims[axis] - 1])[1] : x)),
  along((x, axis) => expand(reduceMean(x, [axis]), x.shape)),
  along((x, axis, random) => reduceLogSumExp(x, [axis], random.chance(0.5))),
  along((x, axis, random) => sqrt(add(reduceL2(squarePlusOne(x), [axis], random.chance(0.5)), 1))),
  along((x, axis) =>
    tile(
      x,
      x.dims.map((_, i) => (i === axis ? 2 : 1)),
    ),
  ),
  along((x) =>
    layerNormalization(x, expand(x.graph.scalar(0.5, x.dtype), [x.dims.at(-1)!]), undefined, -1, 0.1),
  ),
  (pool, random) => {
    const x = random.pick(pool);
    if (x.rank < 3) return;
    return averagePool(x, { kernelSize: 2, stride: 1 + random.integer(2), padding: 1 });
  },
  (pool, random) => {
    const [x, source] = [random.pick(pool), random.pick(pool)];
    if (x.rank < 3 || sizeOf(source.dims) === 0) return;
    const channels = x.dims[1];
    const kernel = x.dims.slice(2).map(() => 2);
    const count = 2 * channels * sizeOf(kernel);
    const flat = reshape(source, [sizeOf(source.dims)]);
    const filters = slice(tile(flat, [Math.ceil(count / sizeOf(source.dims))]), 0, 0, count);
    const w = reshape(sin(filters), [2, channels, ...kernel]);
    return tanh(conv(x, w, undefined, { padding: 1, stride: 1 + random.integer(2) }));
  },
];

/** Its gradient has none of its own: ONNX Runtime's ScatterND. */
const gatherStep: Step = along((x, axis, random) => {
  const picks = Array.from({ length: 3 }, () => random.integer(x.dims[axis]));
  return gather(x, x.graph.integers(picks), axis);
});

/** A graph of smooth operators, one after the other on random tensors that exist already. */
export function randomGraph(seed: number, options: { gathers: boolean }): OperatorCase {
  const steps = options.gathers ? [...smoothSteps, gatherStep] : smoothSteps;
  return {
    name: `random graph ${seed}`,
    inputs: { a: uniform([2, 3]), b: uniform([3]), c: uniform([2, 1, 3]), d: uniform([]) },
    build(inputs) {
      const random = new Random(0x9a7, seed);
      const pool = Object.values(inputs);
      const count = 6 + random.integer(10);
      for (let tries = 0; pool.length < count + 4 && tries < 200; tries++) {
        const recent = random.chance(0.6) ? pool.slice(-3) : pool;
        const value = random.pick(steps)(recent, random);
        if (value && value.rank <= MAX_RANK && sizeOf(value.dims) <= MAX_ELEMENTS) pool.push(value);
      }
      return pool.slice(-2);
    },
  };
}
