import { describe, expect, it } from "vitest";
import { type DataType, type TensorArray, tensor, toNumbers } from "../../src/core/index.ts";
import {
  type Attributes,
  add,
  concat,
  encodeModel,
  fromTensorProto,
  Graph,
  leakyRelu,
  type ModelProto,
  mul,
  OPSET,
  type Operator,
  readModel,
  relu,
  sin,
  toTensorProto,
  writeModel,
} from "../../src/graph/index.ts";

/** What the bytes of a model say, given as a plain array. */
function reread(bytes: Uint8Array): ModelProto {
  return readModel(Uint8Array.from(bytes));
}

/** An operator of an invented kind, with an attribute of each type. */
const Everything: Operator = {
  opType: "Everything",
  domain: "test.fovea",
  floats: ["ratio", "ratios"],
  dtypes: ["to"],
  infer: ({ inputs: [x] }) => [{ dtype: x!.dtype, shape: x!.shape }],
};

function everything(): Graph & { result: ReturnType<Graph["apply"]>[0] } {
  const g = new Graph();
  const x = g.input("x", ["batch", 3]);
  const attributes: Attributes = {
    count: -3,
    large: 2 ** 40,
    ratio: 0.25,
    counts: [1, -2, 3],
    ratios: [1, 0.5],
    text: "größer",
    texts: ["a", "ß"],
    value: tensor([1, 2], [2, 1], "int32"),
    to: "float16",
  };
  const [result] = g.apply(Everything, [x, undefined, x], attributes);
  return Object.assign(g, { result });
}

describe("encodeModel and readModel", () => {
  it("keep attributes of each type", () => {
    const g = everything();
    const { graph } = reread(encodeModel({ outputs: { [g.result.name]: g.result } }));
    const [node] = graph.node;
    expect(node).toMatchObject({
      opType: "Everything",
      domain: "test.fovea",
      input: ["x", "", "x"],
      output: [g.result.name],
    });
    const byName = Object.fromEntries(node.attribute.map((attribute) => [attribute.name, attribute]));
    expect(byName.count).toMatchObject({ type: 2, i: -3 });
    expect(byName.large).toMatchObject({ type: 2, i: 2 ** 40 });
    expect(byName.ratio).toMatchObject({ type: 1, f: 0.25 });
    expect(byName.counts).toMatchObject({ type: 7, ints: [1, -2, 3] });
    expect(byName.ratios).toMatchObject({ type: 6, floats: [1, 0.5] });
    expect(byName.text.type).toBe(3);
    expect(Buffer.from(byName.text.s).toString()).toBe("größer");
    expect(byName.texts.type).toBe(8);
    expect(byName.texts.strings.map((bytes) => Buffer.from(bytes).toString())).toEqual(["a", "ß"]);
    expect(byName.to).toMatchObject({ type: 2, i: 10 });
    expect(byName.value.type).toBe(4);
    expect(fromTensorProto(byName.value.t)).toEqual(tensor([1, 2], [2, 1], "int32"));
  });

  it("keep metadata, name, versions, and dimensions by number and by name", () => {
    const g = new Graph();
    const x = g.input("x", ["batch", 3]);
    const metadata = { task: "detect", classes: '["Zelle","血小板"]' };
    const model = reread(encodeModel({ outputs: { y: relu(x) }, metadata, name: "net" }));
    expect(Object.fromEntries(model.metadataProps.map(({ key, value }) => [key, value]))).toEqual(metadata);
    expect(model.producerName).toBe("fovea");
    expect(model.opsetImport).toEqual([{ domain: "", version: OPSET }]);
    expect(model.graph.name).toBe("net");
    for (const info of [...model.graph.input, ...model.graph.output]) {
      const [batch, width] = info.type.tensorType.shape.dim;
      expect(info.type.tensorType.elemType).toBe(1);
      expect(batch.dimParam).toBe("batch");
      expect(width.dimValue).toBe(3);
    }
    expect(model.graph.output.map(({ name }) => name)).toEqual(["y"]);
  });

  it("keep a dimension of 0 and a scalar's empty shape", () => {
    const g = new Graph();
    const outputs = { empty: relu(g.input("none", [0, 2])), scalar: relu(g.input("one", [])) };
    const { output } = reread(encodeModel({ outputs })).graph;
    const dims = output.map((info) => info.type.tensorType.shape.dim.map(({ dimValue }) => dimValue));
    expect(dims).toEqual([[0, 2], []]);
  });

  it("write every initializer once, and only those in use", () => {
    const g = new Graph();
    const x = g.input("x", [2]);
    const weights = g.constant(tensor([0.1, -2e30]), "weights");
    g.constant(tensor([1, 2]), "unused");
    const y = add(mul(x, weights), mul(weights, 2));
    const { initializer } = reread(encodeModel({ outputs: { y } })).graph;
    expect(initializer.map(({ name }) => name).filter((name) => name === "weights")).toHaveLength(1);
    expect(initializer).toHaveLength(2);
    const stored = initializer.find(({ name }) => name === "weights")!;
    expect(fromTensorProto(stored)).toEqual(tensor([0.1, -2e30]));
  });

  it("leave dead nodes and unused inputs out", () => {
    const g = new Graph();
    const [x, unused] = [g.input("x", [2]), g.input("unused", [2])];
    const y = relu(x);
    sin(y);
    sin(unused);
    const { graph } = reread(encodeModel({ outputs: { y } }));
    expect(graph.node.map(({ opType }) => opType)).toEqual(["Relu"]);
    expect(graph.input.map(({ name }) => name)).toEqual(["x"]);
  });

  it("name results as outputs, with a node only where no other can bear the name", () => {
    const g = new Graph();
    const x = g.input("x", [2]);
    const y = relu(x);
    const { graph } = reread(encodeModel({ outputs: { first: y, second: y, third: sin(y), given: x } }));
    expect(graph.node.map(({ opType, input, output }) => [opType, input, output])).toEqual([
      ["Relu", ["x"], ["first"]],
      ["Sin", ["first"], ["third"]],
      ["Identity", ["first"], ["second"]],
      ["Identity", ["x"], ["given"]],
    ]);
  });

  it("order nodes so that each comes after what it reads", () => {
    const g = new Graph();
    const x = g.input("x", [2]);
    const late = relu(x);
    const y = concat([sin(late), leakyRelu(sin(x), 0.2), late], 0);
    const { graph } = reread(encodeModel({ outputs: { late, y } }));
    const known = new Set([
      ...graph.input.map(({ name }) => name),
      ...graph.initializer.map(({ name }) => name),
    ]);
    for (const node of graph.node) {
      for (const name of node.input) expect(known).toContain(name);
      for (const name of node.output) known.add(name);
    }
    expect([...known]).toEqual(expect.arrayContaining(["late", "y"]));
  });

  it("write the same bytes for the same graph, and these again after reading", () => {
    const bytes = () => encodeModel({ outputs: { y: everything().result }, metadata: { a: "1", b: "2" } });
    const first = bytes();
    expect(Buffer.from(bytes()).equals(first)).toBe(true);
    const again = readModel(writeModel(readModel(first)));
    expect(again).toEqual(readModel(first));
  });

  it("refuse an output that takes another tensor's name", () => {
    const g = new Graph();
    const x = g.input("x", [2]);
    expect(() => encodeModel({ outputs: { x: relu(x) } })).toThrow(
      expect.objectContaining({ code: "name-taken" }),
    );
  });

  it("refuse bytes that are no model", () => {
    expect(() => readModel(new TextEncoder().encode("GIF89a, surely not a model"))).toThrow();
  });
});

describe("tensors as initializers", () => {
  const samples: readonly [DataType, number[]][] = [
    ["float32", [1.5, -0.1, 3e38]],
    ["float64", [1.5, -0.1, 1e300]],
    ["float16", [1, -2, 65504]],
    ["int8", [-128, 127]],
    ["uint8", [0, 255]],
    ["int16", [-32768, 32767]],
    ["uint16", [0, 65535]],
    ["int32", [-(2 ** 31), 2 ** 31 - 1]],
    ["uint32", [0, 2 ** 32 - 1]],
    ["int64", [-(2 ** 53), 2 ** 53]],
    ["uint64", [0, 2 ** 53]],
    ["bool", [0, 1]],
  ];

  it.each(samples)("keep %s", (dtype, values) => {
    const g = new Graph();
    const kept = g.constant(tensor(values, [values.length, 1], dtype), "kept");
    const { initializer } = reread(encodeModel({ outputs: { y: relu(kept) } })).graph;
    const read = fromTensorProto(initializer[0]);
    expect(read.dtype).toBe(dtype);
    expect(read.shape).toEqual([values.length, 1]);
    expect(toNumbers(read)).toEqual(toNumbers(kept.constant!));
    expect(read.data.constructor).toBe(kept.constant!.data.constructor);
  });

  it("are read from a Buffer, as files are, wherever in it they lie", () => {
    for (let shift = 0; shift < 8; shift++) {
      const name = "t".repeat(1 + shift);
      const model = writeModel({ graph: { initializer: [toTensorProto(name, tensor([1.5, -2]))] } });
      const [proto] = readModel(Buffer.from(model)).graph.initializer;
      expect(fromTensorProto(proto)).toEqual(tensor([1.5, -2]));
    }
  });

  it("keep views into larger buffers", () => {
    const data = new Float32Array([9, 1, 2, 9]).subarray(1, 3);
    const proto = toTensorProto("view", { dtype: "float32", shape: [2], data });
    const { initializer } = reread(writeModel({ graph: { initializer: [proto] } })).graph;
    expect(toNumbers(fromTensorProto(initializer[0]))).toEqual([1, 2]);
  });

  it.each<[string, DataType, Record<string, number[]>, TensorArray]>([
    ["floatData", "float32", { floatData: [1, 2.5] }, Float32Array.of(1, 2.5)],
    ["doubleData", "float64", { doubleData: [1, 2.5] }, Float64Array.of(1, 2.5)],
    ["int64Data", "int64", { int64Data: [-1, 5] }, BigInt64Array.of(-1n, 5n)],
    ["int32Data", "uint8", { int32Data: [1, 255] }, Uint8Array.of(1, 255)],
    ["int32Data", "bool", { int32Data: [1, 0] }, Uint8Array.of(1, 0)],
    ["int32Data", "float16", { int32Data: [0x3c00, 0xbc00] }, Uint16Array.of(0x3c00, 0xbc00)],
    ["uint64Data", "uint32", { uint64Data: [7, 4294967295] }, Uint32Array.of(7, 4294967295)],
  ])("are read from %s as %s, as other tools write them", (_, dtype, lists, expected) => {
    const { dataType } = toTensorProto("", { dtype, shape: [], data: expected });
    const model = writeModel({ graph: { initializer: [{ name: "t", dims: [2], dataType, ...lists }] } });
    const read = fromTensorProto(reread(model).graph.initializer[0]);
    expect(read).toEqual({ dtype, shape: [2], data: expected });
  });

  it("are refused where bytes are missing or left over", () => {
    const proto = { name: "t", dims: [4], dataType: 1, rawData: new Uint8Array(7) };
    const model = writeModel({ graph: { initializer: [proto] } });
    expect(() => fromTensorProto(readModel(model).graph.initializer[0])).toThrow(
      expect.objectContaining({
        code: "tensor-size",
        message: expect.stringMatching(/`t`.*16 bytes, but 7/),
      }),
    );
  });

  it("may be empty", () => {
    const model = writeModel({ graph: { initializer: [{ name: "t", dims: [0, 4], dataType: 1 }] } });
    expect(fromTensorProto(reread(model).graph.initializer[0])).toEqual(tensor([], [0, 4]));
  });

  it("refuse element types that are not supported, by number", () => {
    const model = writeModel({ graph: { initializer: [{ name: "t", dims: [0], dataType: 8 }] } });
    expect(() => fromTensorProto(reread(model).graph.initializer[0])).toThrow(/element type 8/);
  });
});
