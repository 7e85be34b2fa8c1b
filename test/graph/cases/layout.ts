import {
  depthToSpace,
  Flatten,
  Identity,
  Reshape,
  reshape,
  reshapeTo,
  Squeeze,
  shapeOf,
  spaceToDepth,
  squeeze,
  Transpose,
  tile,
  transpose,
  transposeLast,
  unsqueeze,
  upsampleNearest,
  type Value,
} from "../../../src/graph/index.ts";
import { fixed, integers, uniform } from "../draw.ts";
import type { OperatorCase } from "../operator-case.ts";

function layoutCase(
  name: string,
  shape: readonly number[],
  apply: (x: Value) => Value | readonly Value[],
): OperatorCase {
  return { name, inputs: { x: uniform(shape) }, build: ({ x }) => apply(x) };
}

export const layoutCases: readonly OperatorCase[] = [
  layoutCase("Reshape", [2, 6], (x) => reshape(x, [3, 4])),
  layoutCase("Reshape with a free dimension", [2, 6], (x) => reshape(x, [-1, 3])),
  layoutCase("Reshape to a scalar", [1, 1], (x) => reshape(x, [])),
  layoutCase("Reshape with a copied dimension", [2, 3, 2], (x) =>
    x.graph.apply(Reshape, [x, x.graph.integers([0, -1])]),
  ),
  {
    name: "Reshape to a shape known at run time",
    inputs: { x: uniform([2, 6]), shape: integers([4, 3]) },
    build: ({ x, shape }) => reshapeTo(x, shape, [4, 3]),
  },
  layoutCase("Transpose", [2, 3, 4], (x) => transpose(x, [2, 0, 1])),
  layoutCase("Transpose of 5 dimensions", [2, 1, 2, 3, 2], (x) => transpose(x, [4, 2, 0, 3, 1])),
  layoutCase("Transpose without an order", [2, 3, 2], (x) => x.graph.apply(Transpose, [x])),
  layoutCase("Transpose of the last two axes", [2, 3, 2], transposeLast),
  layoutCase("Squeeze", [2, 1, 3, 1], (x) => squeeze(x, [1])),
  layoutCase("Squeeze of a negative axis", [2, 1, 3, 1], (x) => squeeze(x, [-1, 1])),
  layoutCase("Squeeze of every axis of size 1", [1, 2, 1, 3], (x) => x.graph.apply(Squeeze, [x])),
  layoutCase("Unsqueeze", [2, 3], (x) => unsqueeze(x, [0, 2])),
  layoutCase("Unsqueeze of negative axes", [2, 3], (x) => unsqueeze(x, [-1, -3])),
  layoutCase("Flatten", [2, 3, 2], (x) => x.graph.apply(Flatten, [x])),
  ...[0, 2, 3, -1].map((axis) =>
    layoutCase(`Flatten axis ${axis}`, [2, 3, 2], (x) => x.graph.apply(Flatten, [x], { axis })),
  ),
  layoutCase("Identity", [2, 3], (x) => x.graph.apply(Identity, [x])),
  layoutCase("Resize 1D, nearest, factor 3", [1, 2, 3], (x) => upsampleNearest(x, 3)),
  layoutCase("Resize 2D, nearest, factor 2", [2, 2, 2, 3], (x) => upsampleNearest(x, 2)),
  layoutCase("Resize 3D, nearest, factor 2", [1, 1, 2, 1, 2], (x) => upsampleNearest(x, 2)),
  layoutCase("SpaceToDepth block 2", [2, 3, 4, 2], (x) => spaceToDepth(x, 2)),
  layoutCase("SpaceToDepth block 3", [1, 2, 3, 6], (x) => spaceToDepth(x, 3)),
  layoutCase("DepthToSpace block 2", [2, 8, 2, 3], (x) => depthToSpace(x, 2)),
  layoutCase("DepthToSpace block 2, channels first", [2, 8, 2, 3], (x) => depthToSpace(x, 2, "CRD")),
  layoutCase("DepthToSpace block 3, channels first", [1, 18, 2, 1], (x) => depthToSpace(x, 3, "CRD")),
  layoutCase("Tile", [2, 3], (x) => tile(x, [2, 3])),
  layoutCase("Tile of one axis of three", [2, 2, 3], (x) => tile(x, [1, 3, 1])),
  { name: "Shape", inputs: { x: fixed(uniform([2, 3, 4])) }, build: ({ x }) => shapeOf(x) },
];
