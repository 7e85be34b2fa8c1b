import {
  expand,
  ReduceSum,
  reduceL1,
  reduceL2,
  reduceLogSum,
  reduceLogSumExp,
  reduceMax,
  reduceMean,
  reduceMin,
  reduceProd,
  reduceSum,
  reduceSumSquare,
  type Value,
} from "../../../src/graph/index.ts";
import { awayFrom, type Draw, distinct, listed, uniform } from "../draw.ts";
import type { OperatorCase } from "../operator-case.ts";

type Reduction = (x: Value, axes?: readonly number[], keepDims?: boolean) => Value;

const settings: readonly (readonly [axes: readonly number[] | undefined, keepDims: boolean])[] = [
  [undefined, true],
  [undefined, false],
  [[1], true],
  [[1], false],
  [[0, 2], false],
  [[-1, 0], true],
];

function eachSetting(
  name: string,
  apply: Reduction,
  input: (shape: readonly number[]) => Draw,
): OperatorCase[] {
  return settings.map(([axes, keepDims]) => ({
    name: `${name} axes ${axes ? `[${axes}]` : "all"}, ${keepDims ? "kept" : "dropped"}`,
    inputs: { x: input([2, 3, 4]) },
    build: ({ x }) => apply(x, axes, keepDims),
  }));
}

function expandCase(from: readonly number[], to: readonly number[]): OperatorCase {
  return {
    name: `Expand [${from}] to [${to}]`,
    inputs: { x: uniform(from) },
    build: ({ x }) => expand(x, to),
  };
}

const any = (shape: readonly number[]) => uniform(shape);

export const reductionCases: readonly OperatorCase[] = [
  ...eachSetting("ReduceSum", reduceSum, any),
  ...eachSetting("ReduceMean", reduceMean, any),
  ...eachSetting("ReduceSumSquare", reduceSumSquare, any),
  ...eachSetting("ReduceMax", reduceMax, distinct),
  ...eachSetting("ReduceMin", reduceMin, distinct),
  ...eachSetting("ReduceL1", reduceL1, (shape) => awayFrom(shape)),
  ...eachSetting("ReduceL2", reduceL2, any),
  ...eachSetting("ReduceLogSum", reduceLogSum, (shape) => uniform(shape, 0.3, 2)),
  ...eachSetting("ReduceLogSumExp", reduceLogSumExp, any),
  ...eachSetting("ReduceProd", reduceProd, (shape) => awayFrom(shape)),
  {
    name: "ReduceProd with no, one and two zeros in a row",
    inputs: { x: listed([2, -1, 0.5, 3, 0, 1.5, 0, 4, 0], [3, 3]) },
    build: ({ x }) => reduceProd(x, [1]),
  },
  {
    name: "ReduceMax, reached by two elements of a row",
    inputs: { x: listed([2, 1, 2, 0, 3, 3], [2, 3]) },
    build: ({ x }) => reduceMax(x, [1]),
  },
  {
    name: "ReduceSum axes an empty list, which means all",
    inputs: { x: uniform([2, 3]) },
    build: ({ x }) => x.graph.apply(ReduceSum, [x, x.graph.integers([])], { keepdims: 0 }),
  },
  expandCase([3, 1], [2, 3, 4]),
  expandCase([], [2, 3]),
  expandCase([2, 1, 2], [2, 3, 2]),
  {
    name: "Expand to a shape smaller than x in one dimension",
    inputs: { x: uniform([2, 1, 3]) },
    build: ({ x }) => expand(x, [4, 1]),
  },
];
