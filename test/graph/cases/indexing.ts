import {
  argMax,
  gather,
  gatherElements,
  gatherND,
  nonMaxSuppression,
  RoiAlign,
  roiPool,
  ScatterND,
  scatterElements,
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

function elementsCase(name: string, x: readonly number[], indices: Draw, axis: number): OperatorCase {
  return {
    name: `GatherElements ${name}`,
    inputs: { x: uniform(x), indices },
    build: ({ x, indices }) => gatherElements(x, indices, axis),
  };
}

function scatterCase(
  name: string,
  x: readonly number[],
  indices: Draw,
  axis: number,
  reduction: "none" | "add",
): OperatorCase {
  return {
    name: `ScatterElements ${name}`,
    inputs: { x: uniform(x), indices, updates: uniform(indices.shape) },
    build: ({ x, indices, updates }) => scatterElements(x, indices, updates, axis, reduction),
  };
}

/** Regions inside, across the border, and smaller than an element; of two pictures. */
function roiCase(
  name: string,
  {
    spatialScale = 1,
    coordinates = "half_pixel",
    count = 2,
  }: { spatialScale?: number; coordinates?: string; count?: number },
): OperatorCase {
  return {
    name: `RoiAlign ${name}`,
    inputs: {
      x: uniform([count, 3, 6, 8]),
      regions: fixed(listed([1.1, 0.7, 6.3, 4.9, -2, 3, 9.6, 8.2, 2.2, 2.4, 2.7, 2.9], [3, 4])),
      pictures: integers([count - 1, 0, count - 1]),
    },
    build: ({ x, regions, pictures }) =>
      x.graph.apply(RoiAlign, [x, regions, pictures], {
        output_height: 2,
        output_width: 3,
        sampling_ratio: 2,
        spatial_scale: spatialScale,
        coordinate_transformation_mode: coordinates,
      }),
  };
}

/** Regions of two pictures: bins that share elements, that lie outside, of one element; halves are rounded up. */
function roiPoolCase(name: string, spatialScale: number): OperatorCase {
  return {
    name: `MaxRoiPool${name}`,
    inputs: {
      x: distinct([2, 2, 6, 8]),
      regions: fixed(listed([1, 0.5, 6.2, 4.9, 3, 2, 9.2, 6.4, 2.2, 3, 2.3, 3.1, 0, 0, 7, 5], [4, 4])),
      pictures: integers([1, 0, 1, 0]),
    },
    build: ({ x, regions, pictures }) =>
      roiPool(x, regions, pictures, { outputHeight: 2, outputWidth: 3, spatialScale }),
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
    inputs: { x: uniform([2, 3, 2]), indices: integers([0, 1, 1, 2, 0, 0], [3, 2]) },
    build: ({ x, indices }) => gatherND(x, indices),
  },
  {
    name: "ScatterND",
    inputs: {
      x: uniform([4, 2]),
      indices: integers([3, 1], [2, 1]),
      updates: uniform([2, 2]),
    },
    build: ({ x, indices, updates }) => x.graph.apply(ScatterND, [x, indices, updates]),
  },
  {
    name: "ScatterND adding, indices repeated",
    inputs: {
      x: uniform([4, 2]),
      indices: integers([3, 1, 3], [3, 1]),
      updates: uniform([3, 2]),
    },
    build: ({ x, indices, updates }) => x.graph.apply(ScatterND, [x, indices, updates], { reduction: "add" }),
  },
  elementsCase("axis 0", [3, 4], integers([2, 0, 1, 1, 0, 2, 2, 2], [2, 4]), 0),
  elementsCase("last axis, counted from the end", [2, 4], integers([3, 3, 0, 1, 2, 2], [2, 3]), -1),
  elementsCase("axis 1", [2, 3, 2], integers([2, 0, 1, 1], [2, 1, 2]), 1),
  scatterCase("axis 0", [4, 2], integers([3, 0, 1, 2], [2, 2]), 0, "none"),
  scatterCase("axis 1, adding, indices repeated", [2, 4], integers([1, 1, 0, 3, 3, 3], [2, 3]), 1, "add"),
  roiCase("half_pixel, two samples", { spatialScale: 0.5 }),
  roiCase("output_half_pixel", { coordinates: "output_half_pixel" }),
  roiCase("of one picture", { coordinates: "output_half_pixel", count: 1 }),
  roiPoolCase("", 1),
  roiPoolCase(" of a smaller map", 0.5),
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
];
