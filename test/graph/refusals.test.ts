import { describe, expect, it } from "vitest";
import { tensor, zeros } from "../../src/core/index.ts";
import {
  averagePool,
  concat,
  conv,
  Graph,
  groupNormalization,
  logSoftmax,
  maxPool,
  softmax,
  split,
  transpose,
  type Value,
} from "../../src/graph/index.ts";
import { convolution, groupNorm, Scope } from "../../src/nn/index.ts";

const nan = Number.NaN;

function refused(code: string, build: (graph: Graph, x: Value, w: Value) => unknown): void {
  const graph = new Graph();
  const [x, w] = [graph.input("x", [1, 4, 8, 8]), graph.input("w", [4, 4, 3, 3])];
  expect(() => build(graph, x, w)).toThrow(expect.objectContaining({ code }));
}

describe("numbers that no tensor has", () => {
  it.each([[[-1, 3]], [[nan]], [[1.5]], [[""]]])("are refused as a shape: %o", (shape) => {
    refused("argument-range", (graph) => graph.input("a", shape));
  });

  it("are refused as shapes of tensors", () => {
    for (const shape of [[-2], [nan], [0.5, 2]]) {
      expect(() => zeros(shape)).toThrow(expect.objectContaining({ code: "argument-range" }));
      expect(() => tensor([1], shape)).toThrow(expect.objectContaining({ code: "argument-range" }));
    }
  });

  it.each([
    { stride: 0 },
    { stride: nan },
    { dilation: 0 },
    { padding: 1.5 },
    { padding: -1 },
  ])("are refused by convolutions: %o", (options) => {
    refused("argument-range", (_, x, w) => conv(x, w, undefined, options));
  });

  it.each([
    { kernelSize: 0 },
    { kernelSize: -2 },
    { kernelSize: nan },
    { kernelSize: 2, stride: 0 },
    { kernelSize: 2, padding: -1 },
    { kernelSize: 2, padding: 2 },
  ])("are refused by pools: %o", (options) => {
    refused("argument-range", (_, x) => maxPool(x, options));
    refused("argument-range", (_, x) => averagePool(x, options));
  });

  it.each([3, 8, 0, -2, 1.5, nan])("are refused as groups of 4 channels: %o", (groups) => {
    refused("argument-range", (graph, x) => groupNorm(new Scope(graph).at("norm"), x, groups));
    refused("argument-range", (graph, x) => {
      const [scale, offset] = [graph.input("scale", [4]), graph.input("offset", [4])];
      return groupNormalization(x, scale, offset, groups);
    });
  });

  it("are refused as channels", () => {
    refused("argument-range", (graph, x) =>
      convolution(new Scope(graph).at("a"), x, { outChannels: -1, kernelSize: 3 }),
    );
  });
});

describe("what cannot be a part of a graph", () => {
  it("are elements of another type, or not as many as the shape says", () => {
    refused("tensor-size", (graph) =>
      graph.constant({ dtype: "float32", shape: [3], data: new Float32Array(2) }),
    );
    refused("tensor-size", (graph) =>
      graph.constant({ dtype: "float32", shape: [2], data: new Int8Array(2) }),
    );
  });

  it("is a type that there is not", () => {
    refused("dtype-unknown", (graph) => graph.input("a", [1], "float" as "float32"));
  });

  it("is a name without a letter", () => {
    refused("argument-range", (graph) => graph.input("", [1]));
    refused("argument-range", (graph) => graph.constant(tensor([1]), ""));
  });

  it("is one part of another length than the whole, or an order of some axes", () => {
    refused("shape-mismatch", (_, x) => split(x, 1, [3]));
    refused("axis-range", (_, x) => split(x, 4, [1]));
    refused("axis-range", (_, x) => transpose(x, [0, 1]));
    refused("axis-range", (_, x) => transpose(x, []));
    const x = new Graph().input("x", [2, 3, "n"]);
    expect(split(x, -2, [3])).toEqual([x]);
    expect(transpose(x, [0, 1, 2])).toBe(x);
  });

  it("is an axis that there is not", () => {
    refused("axis-range", (_, x) => softmax(x, 7));
    refused("axis-range", (_, x) => logSoftmax(x, -5));
  });

  it("is a list of nothing, laid end to end", () => {
    refused("argument-count", () => concat([], 0));
  });
});
