import {
  Concat,
  concat,
  Pad,
  pad,
  padRepeating,
  Slice,
  slice,
  split,
  type Value,
} from "../../../src/graph/index.ts";
import { uniform } from "../draw.ts";
import type { OperatorCase } from "../operator-case.ts";

interface Range {
  readonly starts: readonly number[];
  readonly ends: readonly number[];
  readonly axes?: readonly number[];
  readonly steps?: readonly number[];
}

/** With ONNX's own lists, over several axes at once. */
function sliceCase(name: string, shape: readonly number[], range: Range): OperatorCase {
  return {
    name: `Slice ${name}`,
    inputs: { x: uniform(shape) },
    build({ x }): readonly Value[] {
      const list = (numbers?: readonly number[]) => numbers && x.graph.integers(numbers);
      const lists = [range.starts, range.ends, range.axes, range.steps].map(list);
      return x.graph.apply(Slice, [x, ...lists]);
    },
  };
}

function along(name: string, size: number, start: number, end: number, step?: number): OperatorCase {
  return {
    name: `Slice ${name}`,
    inputs: { x: uniform([2, size, 2]) },
    build: ({ x }) => slice(x, 1, start, end, step),
  };
}

function splitCase(name: string, lengths: readonly number[], used: readonly number[]): OperatorCase {
  return {
    name: `Split ${name}`,
    inputs: { x: uniform([2, 6, 2]) },
    build({ x }) {
      const parts = split(x, 1, lengths);
      return used.map((i) => parts[i]);
    },
  };
}

export const slicingCases: readonly OperatorCase[] = [
  along("a range", 6, 1, 4),
  along("from the end", 6, -3, -1),
  along("beyond the end", 5, 2, 100),
  along("step 2", 7, 0, 7, 2),
  along("step 2 from 1", 6, 1, 6, 2),
  along("step 3, rest cut off", 8, 1, 8, 3),
  along("step larger than the range", 6, 2, 5, 4),
  along("backwards", 5, -1, -6, -1),
  along("backwards in part", 6, 4, 1, -1),
  along("backwards by 2", 7, 5, -8, -2),
  along("backwards by 3", 8, 7, 0, -3),
  sliceCase("two axes", [4, 3, 5], { starts: [1, 0], ends: [3, 4], axes: [0, 2] }),
  sliceCase("two axes with steps", [5, 2, 6], {
    starts: [0, 5],
    ends: [5, -7],
    axes: [0, -1],
    steps: [2, -2],
  }),
  sliceCase("all axes by default", [3, 4], { starts: [0, 1], ends: [2, 3] }),
  sliceCase("nothing cut off", [2, 3], { starts: [0], ends: [2147483647], axes: [1] }),
  {
    name: "Pad with zeros",
    inputs: { x: uniform([2, 3, 2]) },
    build: ({ x }) => pad(x, [0, 1, 2], [1, 0, 1]),
  },
  {
    name: "Pad with a value",
    inputs: { x: uniform([2, 3]) },
    build: ({ x }) => pad(x, [1, 0], [0, 2], -1.5),
  },
  {
    name: "Pad without a mode",
    inputs: { x: uniform([2, 3]) },
    build: ({ x }) => x.graph.apply(Pad, [x, x.graph.integers([0, 1, 1, 0])]),
  },
  {
    name: "Pad by negative amounts, which crops",
    inputs: { x: uniform([3, 5]) },
    build: ({ x }) => pad(x, [0, -1], [1, -2]),
  },
  ...(["reflect", "edge", "wrap"] as const).flatMap((mode): OperatorCase[] =>
    [
      { shape: [2, 2, 4], before: [0, 0, 2], after: [0, 0, 3] },
      { shape: [1, 2, 3, 4], before: [0, 0, 1, 2], after: [0, 0, 2, 1] },
      { shape: [1, 1, 3, 2, 3], before: [0, 0, 1, 1, 0], after: [0, 0, 0, 1, 2] },
    ].map(({ shape, before, after }) => ({
      name: `Pad ${shape.length - 2}D ${mode}`,
      inputs: { x: uniform(shape) },
      build: ({ x }) => padRepeating(x, before, after, mode),
    })),
  ),
  {
    name: "Pad of named axes",
    inputs: { x: uniform([2, 3, 4]) },
    build: ({ x }) =>
      x.graph.apply(Pad, [x, x.graph.integers([1, 2, 0, 1]), undefined, x.graph.integers([-1, 0])]),
  },
  ...[0, 1, -1].map(
    (axis): OperatorCase => ({
      name: `Concat axis ${axis}`,
      inputs: {
        a: uniform([2, 2, 2]),
        b: uniform([2, 2, 2].with(axis, 3)),
        c: uniform([2, 2, 2].with(axis, 1)),
      },
      build: ({ a, b, c }) => concat([a, b, c], axis),
    }),
  ),
  {
    name: "Concat of a tensor with itself",
    inputs: { x: uniform([2, 3]) },
    build: ({ x }) => concat([x, x], 0),
  },
  {
    name: "Concat of one tensor",
    inputs: { x: uniform([2, 3]) },
    build: ({ x }) => x.graph.apply(Concat, [x], { axis: 1 }),
  },
  splitCase("all parts used", [1, 2, 3], [0, 1, 2]),
  splitCase("one part unused", [2, 2, 2], [0, 2]),
  splitCase("only the last part used", [3, 2, 1], [2]),
];
