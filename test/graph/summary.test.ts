import { describe, expect, it } from "vitest";
import { tensor } from "../../src/core/index.ts";
import { add, Cast, Conv, Graph, relu, summarize } from "../../src/graph/index.ts";

const FILTERS = [4, 3, 3, 3];

describe("a net in figures", () => {
  it("counts operations, results and each parameter once", () => {
    const graph = new Graph();
    const x = graph.input("x", [2, 3, 8, 8]);
    const filters = graph.constant(tensor(new Float32Array(108), FILTERS));
    const [a] = graph.apply(Conv, [x, filters], {});
    const [b] = graph.apply(Conv, [x, filters], {});
    const { layers, parameters, flops, bytes } = summarize([relu(add(a, b))]);
    expect(layers.map(({ opType }) => opType)).toEqual(["Conv", "Conv", "Add", "Relu"]);
    expect(layers.map((layer) => layer.parameters)).toEqual([108, 0, 0, 0]);
    expect(parameters).toBe(108);
    const results = 2 * 4 * 6 * 6;
    expect(layers[0].flops).toBe(results * 2 * 27);
    expect(flops).toBe(results * (2 * 2 * 27 + 2));
    expect(bytes).toBe(4 * results * 4);
  });

  it("takes what widens float16 parameters for part of the layer that uses them", () => {
    const graph = new Graph();
    const x = graph.input("x", [1, 3, 8, 8]);
    const half = graph.constant({ dtype: "float16", shape: FILTERS, data: new Uint16Array(108) });
    const [filters] = graph.apply(Cast, [half], { to: "float32" });
    const [y] = graph.apply(Conv, [x, filters], {});
    const { layers, parameters } = summarize([y]);
    expect(layers.map(({ opType, parameters }) => [opType, parameters])).toEqual([["Conv", 108]]);
    expect(parameters).toBe(108);
  });

  it("leaves out what depends on sizes that are not known", () => {
    const graph = new Graph();
    const x = graph.input("x", ["N", 3, 8, 8]);
    const [layer] = summarize([relu(x)]).layers;
    expect([layer.flops, layer.bytes]).toEqual([undefined, undefined]);
  });
});
