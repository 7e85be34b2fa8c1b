import { type Attributes, Resize, resizeLinear } from "../../../src/graph/index.ts";
import { fixed, uniform } from "../draw.ts";
import type { OperatorCase } from "../operator-case.ts";

type Shape = readonly number[];

function resizeCase(name: string, from: Shape, to: Shape, attributes: Attributes): OperatorCase {
  return {
    name: `Resize ${name}, [${from}] to [${to}]`,
    inputs: { x: uniform(from) },
    build: ({ x }) => x.graph.apply(Resize, [x, undefined, undefined, x.graph.integers(to)], attributes)[0],
  };
}

function scaledCase(name: string, from: Shape, scales: Shape, attributes: Attributes): OperatorCase {
  return {
    name: `Resize ${name}, [${from}] by [${scales}]`,
    inputs: { x: uniform(from) },
    build({ x }) {
      const list = Float32Array.from(scales);
      const given = x.graph.constant({ dtype: "float32", shape: [scales.length], data: list });
      return x.graph.apply(Resize, [x, undefined, given], attributes)[0];
    },
  };
}

const asymmetric = { coordinate_transformation_mode: "asymmetric" };
const halfPixel = { coordinate_transformation_mode: "half_pixel" };
const corners = { coordinate_transformation_mode: "align_corners" };
const nearest = { mode: "nearest", nearest_mode: "floor" };
const linear = { mode: "linear" };
const cubic = { mode: "cubic" };

export const resizingCases: readonly OperatorCase[] = [
  resizeCase("nearest, floor, asymmetric", [1, 2, 5], [1, 2, 10], { ...nearest, ...asymmetric }),
  resizeCase("nearest, floor, asymmetric", [1, 2, 3, 4], [1, 2, 6, 12], { ...nearest, ...asymmetric }),
  resizeCase("nearest, floor, asymmetric", [1, 2, 4, 5], [1, 2, 7, 3], { ...nearest, ...asymmetric }),
  resizeCase("nearest, floor, asymmetric", [1, 1, 2, 3, 2], [1, 1, 4, 6, 4], { ...nearest, ...asymmetric }),
  resizeCase("linear, half_pixel", [1, 2, 5], [1, 2, 8], { ...linear, ...halfPixel }),
  resizeCase("linear, half_pixel", [1, 2, 3, 4], [1, 2, 6, 7], { ...linear, ...halfPixel }),
  resizeCase("linear, half_pixel", [1, 2, 6, 8], [1, 2, 3, 5], { ...linear, ...halfPixel }),
  resizeCase("linear, half_pixel", [1, 1, 2, 3, 3], [1, 1, 4, 4, 6], { ...linear, ...halfPixel }),
  resizeCase("linear, pytorch_half_pixel", [1, 2, 3, 4], [1, 2, 5, 8], {
    ...linear,
    coordinate_transformation_mode: "pytorch_half_pixel",
  }),
  resizeCase("linear, align_corners", [1, 2, 3, 4], [1, 2, 5, 7], { ...linear, ...corners }),
  resizeCase("linear, align_corners", [1, 2, 6, 5], [1, 2, 3, 4], { ...linear, ...corners }),
  resizeCase("cubic, half_pixel", [1, 2, 5, 6], [1, 2, 9, 8], { ...cubic, ...halfPixel }),
  resizeCase("cubic, align_corners", [1, 2, 5, 6], [1, 2, 8, 7], { ...cubic, ...corners }),
  scaledCase("nearest, floor, asymmetric", [1, 2, 3, 4], [1, 1, 2, 2], { ...nearest, ...asymmetric }),
  scaledCase("linear, half_pixel", [1, 2, 3, 4], [1, 1, 2, 1.5], { ...linear, ...halfPixel }),
  {
    name: "Resize linear, making smaller with antialiasing",
    inputs: { x: fixed(uniform([1, 2, 6, 8])) },
    build: ({ x }) => resizeLinear(x, x.graph.integers([1, 2, 3, 4]), [1, 2, 3, 4]),
  },
];
