import { describe, expect, it } from "vitest";
import { grad } from "../../src/autodiff/index.ts";
import { tensor, toNumbers, zeros } from "../../src/core/index.ts";
import {
  averagePool,
  Graph,
  mul,
  Pad,
  Resize,
  reduceSum,
  roiAlign,
  roiPool,
  type Value,
} from "../../src/graph/index.ts";
import { compile } from "../../src/runtime/index.ts";

const shape = [1, 1, 4, 4];

const cases: Record<string, (x: Value) => Value> = {
  "means of windows that overlap": (x) => averagePool(x, { kernelSize: 3, stride: 1, padding: 1 }),
  "a linear enlargement": (x) =>
    x.graph.apply(Resize, [x, undefined, x.graph.constant(tensor([1, 1, 2, 1.5]))], { mode: "linear" })[0],
  "a reflected border": (x) =>
    x.graph.apply(Pad, [x, x.graph.integers([0, 0, 1, 2, 0, 0, 1, 1])], { mode: "reflect" })[0],
  "samples of regions": (x) => {
    const { graph, dtype } = x;
    const regions = graph.constant(tensor([0.3, 0.2, 3.1, 2.7], [1, 4], dtype));
    const options = { outputHeight: 2, outputWidth: 3, samplingRatio: 2 };
    return roiAlign(x, regions, graph.constant(tensor([0], [1], "int64")), options);
  },
  "largest elements of regions": (x) => {
    const { graph, dtype } = x;
    const regions = graph.constant(tensor([0, 0, 3, 2], [1, 4], dtype));
    const options = { outputHeight: 2, outputWidth: 2 };
    return roiPool(x, regions, graph.constant(tensor([0], [1], "int64")), options);
  },
};

/** Linear ones: ONNX Runtime has no double form of some of these operators, but of all that their gradients need. */
describe("gradients in double precision", () => {
  it.each(Object.keys(cases))("go back through %s as in single precision", async (name) => {
    const gradients = [];
    for (const dtype of ["float32", "float64"] as const) {
      const graph = new Graph();
      const x = graph.input("x", shape, dtype);
      const y = cases[name](x);
      const weights = y.dims.reduce((a, b) => a * b, 1);
      const given = tensor(
        Array.from({ length: weights }, (_, i) => Math.cos(i)),
        y.dims,
        dtype,
      );
      const [dx] = grad(reduceSum(mul(y, graph.constant(given)), undefined, false), [x]);
      const program = await compile({ outputs: { dx: dx! }, threads: 1 });
      const result = (await program.run({ x: zeros(shape, dtype) })).dx;
      expect(result.dtype).toBe(dtype);
      gradients.push(toNumbers(result));
      await program.release();
    }
    for (const [i, value] of gradients[1].entries()) expect(gradients[0][i]).toBeCloseTo(value, 5);
    expect(Math.max(...gradients[1].map(Math.abs))).toBeGreaterThan(0.1);
  });
});
