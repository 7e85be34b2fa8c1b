import {
  argMax,
  gather,
  gatherND,
  nonMaxSuppression,
  resizeLinear,
  ScatterND,
  scatterAdd,
  topK,
} from "../../../src/graph/index.ts";
import { type Draw, distinct, fixed, integers, listed, uniform } from "../draw.ts";
import type { OperatorCase } from "../operator-case.ts";

function gatherCase(name: string, x: readonly number[], indices: Draw, axis: number): OperatorCase {
  return {
    name: `Gather ${name}`,
    inputs: { x: uniform(x), indices },
    build: ({ x, indices }) => gather(x, indices, axis),
  };
}

/** Corners; the second box overlaps the first, the third stands apart. */
const boxes = fixed(listed([0, 0, 10, 10, 0, 1, 10, 11, 20, 20, 30, 30, 21, 20, 31, 30], [1, 4, 4]));
const scores = fixed(listed([0.9, 0.8, 0.7, 0.75, 0.1, 0.6, 0.05, 0.3], [1, 2, 4]));

export const indexingCases: readonly OperatorCase[] = [
  gatherCase("axis 0", [4, 3], integers([2, 0, 3]), 0),
  gatherCase("axis 0, indices repeated", [4, 3], integers([1, 1, 0, 1]), 0),
  gatherCase("axis 1", [2, 5, 2], integers([4, 0, 2]), 1),
  gatherCase("last axis, counted from the end", [2, 3, 4], integers([3, 3, 1]), -1),
  gatherCase("axis 0, indices of 2 dimensions", [4, 3], integers([0, 3, 1, 1, 2, 0], [2, 3]), 0),
  gatherCase("axis 1, indices of 2 dimensions", [2, 4, 3], integers([3, 0, 0, 2], [2, 2]), 1),
  gatherCase("one index", [4, 3], integers([2], []), 0),
  gatherCase("one index along axis 1", [2, 4, 3], integers([1], []), 1),
  gatherCase("negative indices", [4, 3], integers([-1, -4, 1]), 0),
  gatherCase("indices of 32 bits", [4, 3], integers([2, 0, 2], [3], "int32"), 0),
  {
    name: "GatherND",
    inputs: { x: fixed(uniform([2, 3, 2])), indices: integers([0, 1, 1, 2, 0, 0], [3, 2]) },
    build: ({ x, indices }) => gatherND(x, indices),
  },
  {
    name: "ScatterND",
    inputs: {
      x: fixed(uniform([4, 2])),
      indices: integers([3, 1], [2, 1]),
      updates: fixed(uniform([2, 2])),
    },
    build: ({ x, indices, updates }) => x.graph.apply(ScatterND, [x, indices, updates]),
  },
  {
    name: "ScatterND adding, indices repeated",
    inputs: {
      x: fixed(uniform([4, 2])),
      indices: integers([3, 1, 3], [3, 1]),
      updates: fixed(uniform([3, 2])),
    },
    build: ({ x, indices, updates }) => scatterAdd(x, indices, updates),
  },
  { name: "ArgMax", inputs: { x: fixed(distinct([2, 3, 4])) }, build: ({ x }) => argMax(x, 1) },
  {
    name: "TopK",
    inputs: { x: fixed(distinct([2, 6])), k: integers([3]) },
    build({ x, k }) {
      const { values, indices } = topK(x, k, 1);
      return [values, indices];
    },
  },
  {
    name: "NonMaxSuppression",
    inputs: { boxes, scores },
    build: ({ boxes, scores }) =>
      nonMaxSuppression(
        boxes,
        scores,
        boxes.graph.integers([3]),
        boxes.graph.scalar(0.5),
        boxes.graph.scalar(0.2),
      ),
  },
  {
    name: "Resize linear, enlarging",
    inputs: { x: fixed(uniform([1, 2, 3, 4])) },
    build: ({ x }) => resizeLinear(x, x.graph.integers([1, 2, 6, 7]), [1, 2, 6, 7], false),
  },
  {
    name: "Resize linear, making smaller without antialiasing",
    inputs: { x: fixed(uniform([1, 2, 6, 8])) },
    build: ({ x }) => resizeLinear(x, x.graph.integers([1, 2, 3, 5]), [1, 2, 3, 5], false),
  },
  {
    name: "Resize linear, making smaller with antialiasing",
    inputs: { x: fixed(uniform([1, 2, 6, 8])) },
    build: ({ x }) => resizeLinear(x, x.graph.integers([1, 2, 3, 4]), [1, 2, 3, 4]),
  },
];
