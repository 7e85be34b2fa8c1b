import { afterEach, describe, expect, it } from "vitest";
import { grad } from "../../src/autodiff/index.ts";
import { type DataType, type Tensor, tensor, toNumbers, zeros } from "../../src/core/index.ts";
import {
  type Attributes,
  AveragePool,
  add,
  cast,
  encodeModel,
  Graph,
  greater,
  MaxPool,
  mul,
  type Operator,
  reduceSum,
  relu,
  sub,
  type Value,
} from "../../src/graph/index.ts";
import { compile, Program } from "../../src/runtime/index.ts";

const open: Program[] = [];
afterEach(async () => {
  for (const program of open.splice(0)) await program.release();
});

async function compiled(outputs: Readonly<Record<string, Value>>): Promise<Program> {
  const program = await compile({ outputs, threads: 1 });
  open.push(program);
  return program;
}

/** Doubles and adds one to three numbers. */
function doubling(): Promise<Program> {
  const g = new Graph();
  const x = g.input("x", [3]);
  const double = mul(x, 2);
  return compiled({ double, more: add(double, 1) });
}

describe("runs of one program", () => {
  it("at the same time do not share their results", async () => {
    const program = await doubling();
    const runs = [1, 2, 3].map((n) => program.run({ x: tensor([n, n, n]) }));
    const results = await Promise.all(runs);
    expect(results.map(({ double }) => [...double.data])).toEqual([
      [2, 2, 2],
      [4, 4, 4],
      [6, 6, 6],
    ]);
    const { double } = results[0];
    expect((await program.run({ x: tensor([5, 5, 5]) })).double, "one after the other they do").toBe(double);
  });

  it("go on after a result was transferred to another thread", async () => {
    const program = await doubling();
    const { double } = await program.run({ x: tensor([1, 2, 3]) });
    structuredClone(double.data, { transfer: [double.data.buffer as ArrayBuffer] });
    for (let i = 0; i < 2; i++) {
      expect((await program.run({ x: tensor([1, 2, 3]) })).double).toEqual(tensor([2, 4, 6]));
    }
  });

  it("refuse an input that was transferred after it had been fed", async () => {
    const program = await doubling();
    const x = tensor([1, 2, 3]);
    await program.run({ x });
    structuredClone(x.data, { transfer: [x.data.buffer as ArrayBuffer] });
    await expect(program.run({ x })).rejects.toMatchObject({
      code: "tensor-size",
      message: expect.stringContaining("`x` [3] needs 3 elements, but has 0"),
    });
  });
});

describe("what Program.run refuses, in one sentence:", () => {
  it.each<[string, Tensor, string, RegExp]>([
    ["another shape", tensor([1, 2]), "input-mismatch", /input `x` is float32 \[2\], but .* float32 \[3\]/],
    ["another rank", tensor([1, 2, 3], [1, 3]), "input-mismatch", /\[1,3\]/],
    ["another type", tensor([1, 2, 3], [3], "int32"), "input-mismatch", /is int32 \[3\]/],
    [
      "missing elements",
      { dtype: "float32", shape: [3], data: new Float32Array(2) },
      "tensor-size",
      /needs 3 elements, but has 2;/,
    ],
  ])("%s", async (_, x, code, message) => {
    const program = await doubling();
    const failed = expect.objectContaining({ code, message: expect.stringMatching(message) });
    await expect(program.run({ x })).rejects.toThrow(failed);
    expect((await program.run({ x: tensor([1, 2, 3]) })).double).toEqual(tensor([2, 4, 6]));
  });

  it("a program that was released", async () => {
    const program = await doubling();
    await program.release();
    await expect(program.run({ x: tensor([1, 2, 3]) })).rejects.toMatchObject({ code: "program-released" });
  });

  it("a program without outputs", async () => {
    await expect(compile({ outputs: {} })).rejects.toMatchObject({ code: "outputs-missing" });
  });
});

describe("Program.run", () => {
  it("names its inputs and outputs, and gives every output", async () => {
    const program = await doubling();
    expect(program.inputNames).toEqual(["x"]);
    expect([...program.outputNames].sort()).toEqual(["double", "more"]);
    const { double, more } = await program.run({ x: tensor([1, 2, 3]) });
    expect(double).toEqual(tensor([2, 4, 6]));
    expect(more).toEqual(tensor([3, 5, 7]));
  });

  it("writes results of fixed size into the same buffers on every run", async () => {
    const program = await doubling();
    const first = (await program.run({ x: tensor([1, 2, 3]) })).double.data;
    const second = (await program.run({ x: tensor([4, 5, 6]) })).double.data;
    expect(second).toBe(first);
    expect(Array.from(second as Float32Array)).toEqual([8, 10, 12]);
  });

  it("reads a feed's elements anew on every run", async () => {
    const program = await doubling();
    const x = tensor([1, 2, 3]);
    await program.run({ x });
    x.data[0] = 10;
    expect(toNumbers((await program.run({ x })).double)).toEqual([20, 4, 6]);
  });

  it("writes into the caller's buffers, and leaves them alone afterwards", async () => {
    const program = await doubling();
    const brought = zeros([3]);
    const results = await program.run({ x: tensor([7, 8, 9]) }, { double: brought });
    expect(results.double).toBe(brought);
    expect(toNumbers(brought)).toEqual([14, 16, 18]);
    expect(toNumbers(results.more)).toEqual([15, 17, 19]);
    expect(toNumbers((await program.run({ x: tensor([0, 0, 0]) })).double)).toEqual([0, 0, 0]);
    expect(toNumbers(brought)).toEqual([14, 16, 18]);
  });

  it("alternates between two buffers, so that a step's result feeds the next", async () => {
    const g = new Graph();
    const w = g.input("w", [2]);
    const [dw] = grad(reduceSum(mul(w, w), undefined, false), [w]);
    const program = await compiled({ next: sub(w, mul(dw!, 0.25)) }); // halves w
    const buffers: Tensor[] = [tensor([1024, -512]), zeros([2])];
    for (let step = 0; step < 8; step++) {
      const [from, to] = step % 2 === 0 ? buffers : [buffers[1], buffers[0]];
      await program.run({ w: from }, { next: to });
    }
    expect(toNumbers(buffers[0])).toEqual([4, -2]);
    expect(toNumbers(buffers[1])).toEqual([8, -4]);
  });

  it("takes sizes known only at run time, each run another", async () => {
    const g = new Graph();
    const x = g.input("x", ["batch", 2]);
    const program = await compiled({ y: relu(x) });
    for (const batch of [1, 3, 0, 2]) {
      const values = Array.from({ length: batch * 2 }, (_, i) => i - 1);
      const { y } = await program.run({ x: tensor(values, [batch, 2]) });
      expect(y.shape).toEqual([batch, 2]);
      expect(toNumbers(y)).toEqual(values.map((value) => Math.max(0, value)));
    }
  });

  it("keeps earlier results of run-time size", async () => {
    const g = new Graph();
    const program = await compiled({ y: relu(g.input("x", ["n"])) });
    const first = (await program.run({ x: tensor([1, 2]) })).y;
    await program.run({ x: tensor([3, 4]) });
    expect(toNumbers(first)).toEqual([1, 2]);
  });

  it.each<DataType>([
    "float32",
    "float64",
    "int32",
    "int64",
    "uint8",
    "int8",
  ])("passes %s in and out", async (dtype) => {
    const g = new Graph();
    const program = await compiled({ y: cast(cast(g.input("x", [3], dtype), "float32"), dtype) });
    const { y } = await program.run({ x: tensor([1, 2, 100], [3], dtype) });
    expect(y).toEqual(tensor([1, 2, 100], [3], dtype));
  });

  it("passes booleans and halves out", async () => {
    const g = new Graph();
    const x = g.input("x", [2]);
    const program = await compiled({ positive: greater(x, 0), half: cast(x, "float16") });
    const results = await program.run({ x: tensor([1, -2]) });
    expect(results.positive).toEqual(tensor([1, 0], [2], "bool"));
    expect(results.half).toEqual(tensor([1, -2], [2], "float16"));
  });

  it("gives constants and inputs as results, too", async () => {
    const g = new Graph();
    const x = g.input("x", [2]);
    const program = await compiled({ same: x, constant: g.constant(tensor([5])) });
    const results = await program.run({ x: tensor([1, 2]) });
    expect(toNumbers(results.same)).toEqual([1, 2]);
    expect(toNumbers(results.constant)).toEqual([5]);
  });

  it.each<[string, Operator, number[], Attributes]>([
    ["a last window in the padding", MaxPool, [6, 6], { strides: [2, 2], pads: [1, 1, 1, 1], ceil_mode: 1 }],
    ["one along one side, none along another", MaxPool, [6, 7], { strides: [3, 2], ceil_mode: 1 }],
    ["means, one in the padding", AveragePool, [6, 6], { strides: [2, 2], pads: [1, 1, 1, 1], ceil_mode: 1 }],
    ["a dilated window", AveragePool, [7, 7], { dilations: [2, 2], auto_pad: "SAME_UPPER" }],
  ])("gives pools the shape that they have: %s", async (_, operator, size, attributes) => {
    const x = new Graph().input("x", [1, 1, ...size]);
    const [y] = x.graph.apply(operator, [x], { kernel_shape: [2, 2], ...attributes });
    const program = await compiled({ y, z: add(y, x.graph.constant(zeros(y.dims))) });
    const results = await program.run({ x: tensor(new Float32Array(size[0] * size[1]).fill(1), x.dims) });
    expect([results.y.shape, results.z.shape]).toEqual([y.dims, y.dims]);
    expect(new Set(toNumbers(results.y))).toEqual(new Set([1]));
  });

  it("gives one tensor under two names", async () => {
    const g = new Graph();
    const y = relu(g.input("x", [2]));
    const results = await (await compiled({ a: y, b: y })).run({ x: tensor([-1, 2]) });
    expect(toNumbers(results.a)).toEqual([0, 2]);
    expect(toNumbers(results.b)).toEqual([0, 2]);
  });

  it("computes the same bits on every run and in every program", async () => {
    const g = new Graph();
    const x = g.input("x", [3]);
    const y = mul(relu(x), 0.1);
    const [a, b] = [await compiled({ y }), await compiled({ y })];
    const feed = { x: tensor([0.1, 0.2, 0.3]) };
    const first = (await a.run(feed)).y.data.slice();
    expect((await a.run(feed)).y.data).toEqual(first);
    expect((await b.run(feed)).y.data).toEqual(first);
  });
});

describe("what fails, and how", () => {
  const failure = (code: string, message: RegExp) =>
    expect.objectContaining({ code, message: expect.stringMatching(message) });

  it("names an input that is missing", async () => {
    const g = new Graph();
    const program = await compiled({ y: add(g.input("x", [2]), g.input("bias", [2])) });
    await expect(program.run({ x: tensor([1, 2]) })).rejects.toEqual(failure("input-missing", /`bias`/));
  });

  it("refuses feeds of another shape or type, and runs on afterwards", async () => {
    const program = await doubling();
    await expect(program.run({ x: tensor([1, 2]) })).rejects.toThrow(/x/);
    await expect(program.run({ x: tensor([1, 2, 3], [3], "int32") })).rejects.toThrow();
    expect(toNumbers((await program.run({ x: tensor([1, 2, 3]) })).double)).toEqual([2, 4, 6]);
  });

  it("names a buffer that is for no result, and what may be meant", async () => {
    const program = await doubling();
    await expect(program.run({ x: tensor([1, 2, 3]) }, { Double: zeros([3]) })).rejects.toEqual(
      failure("output-unknown", /`Double`.*`double`/),
    );
  });

  it("refuses threads that cannot be", async () => {
    const y = relu(new Graph().input("x", [2]));
    for (const threads of [-1, 0, 1.5]) {
      await expect(compile({ outputs: { y }, threads })).rejects.toEqual(
        failure("argument-range", new RegExp(`\\(=${threads}\\)`)),
      );
    }
  });

  it("refuses an operator that ONNX Runtime does not have, with its reason and as cause", async () => {
    const Unheard: Operator = {
      opType: "Unheard",
      infer: ({ inputs: [x] }) => [{ dtype: x!.dtype, shape: x!.shape }],
    };
    const g = new Graph();
    const [y] = g.apply(Unheard, [g.input("x", [2])]);
    await expect(compile({ outputs: { y } })).rejects.toEqual(failure("model-refused", /Unheard/));
    await expect(compile({ outputs: { y } })).rejects.toHaveProperty("cause", expect.any(Error));
  });

  it("refuses bytes that are no model", async () => {
    const bytes = new TextEncoder().encode("no model");
    await expect(Program.load(bytes)).rejects.toEqual(failure("model-refused", /ONNX Runtime refuses/));
  });

  it("refuses a model that was cut off", async () => {
    const g = new Graph();
    const bytes = encodeModel({ outputs: { y: mul(g.input("x", [64]), g.constant(zeros([64]))) } });
    const cut = bytes.subarray(0, bytes.length - 40);
    await expect(Program.load(cut)).rejects.toEqual(failure("model-refused", /./));
  });

  it("does not run once it is released", async () => {
    const g = new Graph();
    const program = await compile({ outputs: { y: relu(g.input("x", [2])) }, threads: 1 });
    await program.release();
    await expect(program.run({ x: tensor([1, 2]) })).rejects.toThrow();
  });
});
