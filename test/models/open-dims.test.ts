import { describe, expect, it } from "vitest";
import { add, encodeModel, Graph, mul, readModel, writeModel } from "../../src/graph/index.ts";
import { withAnyBatch, withOpenDims } from "../../src/models/index.ts";

/** `y` = `x` `[1, 3, 8, 8]` · `factor`, a number, and `sum` of both. */
function scaling(): Uint8Array {
  const graph = new Graph();
  const [x, factor] = [graph.input("x", [1, 3, 8, 8]), graph.input("factor", [])];
  return encodeModel({ outputs: { y: mul(x, factor), sum: add(factor, 1) }, shapes: false });
}

function dimsOf(bytes: Uint8Array): Record<string, (string | number)[]> {
  const { input, output } = readModel(bytes).graph;
  return Object.fromEntries(
    [...input, ...output].map(({ name, type }) => [
      name,
      type.tensorType.shape.dim.map(({ dimParam, dimValue }) => dimParam || Number(dimValue)),
    ]),
  );
}

describe("dimensions that are opened", () => {
  it("are the batch's, of whatever has dimensions", () => {
    const batch = ["N", 3, 8, 8];
    expect(dimsOf(withAnyBatch(scaling()))).toEqual({ x: batch, factor: [], y: batch, sum: [] });
  });

  it("have names for each input and output", () => {
    const opened = withOpenDims(scaling(), (name) =>
      name === "x" ? [undefined, undefined, "H", "W", "D"] : ["M"],
    );
    expect(dimsOf(opened)).toEqual({ x: [1, 3, "H", "W"], factor: [], y: ["M", 3, 8, 8], sum: [] });
  });

  it("are refused of bytes that are no model", () => {
    for (const bytes of [new Uint8Array(0), new Uint8Array([255, 1, 2]), new TextEncoder().encode("hello")]) {
      expect(() => withAnyBatch(bytes)).toThrow(expect.objectContaining({ code: "model-unreadable" }));
    }
  });

  it("are refused of an output whose shape the file does not tell", () => {
    const model = readModel(scaling());
    const [y] = model.graph.output;
    const { elemType } = y.type.tensorType;
    const output = { ...y, type: { tensorType: { elemType } } } as typeof y;
    const bytes = writeModel({ ...model, graph: { ...model.graph, output: [output] } });
    expect(() => withAnyBatch(bytes)).toThrow(
      expect.objectContaining({ code: "model-unreadable", message: expect.stringContaining("`y`") }),
    );
  });
});
