import { describe, expect, it } from "vitest";
import { grad } from "../../src/autodiff/index.ts";
import { type Tensor, tensor, toNumbers } from "../../src/core/index.ts";
import {
  conv,
  encodeModel,
  Graph,
  globalAveragePool,
  importModel,
  maxPool,
  openDimensions,
  readModel,
  reduceSum,
  relu,
  reshape,
  softmax,
  type Value,
  writeModel,
} from "../../src/graph/index.ts";
import { compile } from "../../src/runtime/index.ts";
import { file } from "./model-file.ts";

async function run(bytes: Uint8Array, x: Tensor, options?: Parameters<typeof importModel>[1]) {
  const { outputs } = importModel(bytes, options);
  const program = await compile({ outputs, threads: 1 });
  const { y } = await program.run({ x });
  const result = { shape: [...y.shape], values: Array.from(y.data as Float32Array) };
  await program.release();
  return result;
}

const counting = (...shape: number[]) =>
  tensor(
    Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => i),
    shape,
  );

const integers = (...numbers: number[]) => tensor(numbers, [numbers.length], "int64");

describe("importModel brings older operator sets to today's form", () => {
  it.each([
    {
      name: "Clip of set 7: limits as attributes",
      bytes: file(7, [4], [{ op: "Clip", in: ["x"], attributes: { min: { float: 1 }, max: { float: 2 } } }]),
      x: counting(4),
      values: [1, 1, 2, 2],
    },
    {
      name: "Clip of set 7 with one limit",
      bytes: file(7, [4], [{ op: "Clip", in: ["x"], attributes: { max: { float: 2 } } }]),
      x: counting(4),
      values: [0, 1, 2, 2],
    },
    {
      name: "Pad of set 9: amounts and value as attributes",
      bytes: file(9, [2], [{ op: "Pad", in: ["x"], attributes: { pads: [1, 2], value: { float: 7 } } }]),
      x: counting(2),
      values: [7, 0, 1, 7, 7],
    },
    {
      name: "Slice of set 9",
      bytes: file(9, [5], [{ op: "Slice", in: ["x"], attributes: { starts: [1], ends: [4], axes: [0] } }]),
      x: counting(5),
      values: [1, 2, 3],
    },
    {
      name: "Unsqueeze, Squeeze, ReduceSum of set 11: axes as attributes",
      bytes: file(
        11,
        [2, 3],
        [
          { op: "Unsqueeze", in: ["x"], out: ["a"], attributes: { axes: [0] } },
          { op: "Squeeze", in: ["a"], out: ["b"], attributes: { axes: [0] } },
          { op: "ReduceSum", in: ["b"], attributes: { axes: [1], keepdims: 0 } },
        ],
      ),
      x: counting(2, 3),
      values: [3, 12],
    },
    {
      name: "ReduceMean of set 13: axes as an attribute",
      bytes: file(13, [2, 3], [{ op: "ReduceMean", in: ["x"], attributes: { axes: [-1], keepdims: 0 } }]),
      x: counting(2, 3),
      values: [1, 4],
    },
    {
      name: "ReduceSum of set 13 with no axes to reduce over",
      bytes: file(13, [3], [{ op: "ReduceSum", in: ["x"], attributes: { noop_with_empty_axes: 1 } }]),
      x: counting(3),
      values: [0, 1, 2],
    },
    {
      name: "Split of set 11, lengths as an attribute",
      bytes: file(11, [4], [{ op: "Split", in: ["x"], out: ["a", "y"], attributes: { split: [1, 3] } }]),
      x: counting(4),
      values: [1, 2, 3],
    },
    {
      name: "Split of set 11 with an open batch, lengths as an attribute",
      bytes: file(
        11,
        ["n", 6],
        [{ op: "Split", in: ["x"], out: ["a", "y"], attributes: { axis: 1, split: [2, 4] } }],
      ),
      x: counting(2, 6),
      values: [2, 3, 4, 5, 8, 9, 10, 11],
    },
    {
      name: "Split of set 11 with an open batch into equal parts",
      bytes: file(11, ["n", 4], [{ op: "Split", in: ["x"], out: ["a", "y"], attributes: { axis: 1 } }]),
      x: counting(2, 4),
      values: [2, 3, 6, 7],
    },
    {
      name: "Split of set 18 into equal parts, the last one smaller",
      bytes: file(18, [5], [{ op: "Split", in: ["x"], out: ["a", "y"], attributes: { num_outputs: 2 } }]),
      x: counting(5),
      values: [3, 4],
    },
    {
      name: "Upsample of set 7",
      bytes: file(
        7,
        [1, 1, 1, 2],
        [{ op: "Upsample", in: ["x"], attributes: { scales: { floats: [1, 1, 1, 2] }, mode: "nearest" } }],
      ),
      x: counting(1, 1, 1, 2),
      values: [0, 0, 1, 1],
    },
    {
      name: "Resize of set 10",
      bytes: file(
        10,
        [1, 1, 1, 2],
        [{ op: "Resize", in: ["x", "scales"], attributes: { mode: "nearest" } }],
        { scales: tensor([1, 1, 2, 2]) },
      ),
      x: counting(1, 1, 1, 2),
      values: [0, 0, 1, 1, 0, 0, 1, 1],
    },
    {
      name: "Sum, Mean, Max and Min of three",
      bytes: file(
        13,
        [2],
        [
          { op: "Sum", in: ["x", "c", "c"], out: ["s"] },
          { op: "Mean", in: ["s", "c", "x"], out: ["m"] },
          { op: "Max", in: ["m", "x", "c"], out: ["g"] },
          { op: "Min", in: ["g", "s", "m"] },
        ],
        { c: tensor([2, -4]) },
      ),
      x: tensor([1, 3]),
      // sums 5, −5; means 8/3, −2; greatest 8/3, 3; least 8/3, −5
      values: [8 / 3, -5],
    },
    {
      name: "Dropout and its ratio",
      bytes: file(13, [2], [{ op: "Dropout", in: ["x", "ratio"] }], { ratio: tensor([0.5], []) }),
      x: counting(2),
      values: [0, 1],
    },
    {
      name: "Dropout with a nameless mask beside a node with a nameless input",
      bytes: file(
        13,
        [2],
        [
          { op: "Dropout", in: ["x"], out: ["a", ""] },
          { op: "Clip", in: ["a", "", "most"] },
        ],
        { most: tensor([0.5], []) },
      ),
      x: counting(2),
      values: [0, 0.5],
    },
    {
      name: "Dropout whose mask has a name, but no reader",
      bytes: file(13, [2], [{ op: "Dropout", in: ["x"], out: ["y", "mask"] }]),
      x: counting(2),
      values: [0, 1],
    },
    {
      name: "Constant in its many forms",
      bytes: file(
        13,
        [2],
        [
          { op: "Constant", in: [], out: ["a"], attributes: { value_float: { float: 2 } } },
          { op: "Constant", in: [], out: ["b"], attributes: { value_floats: { floats: [10, 20] } } },
          { op: "Constant", in: [], out: ["c"], attributes: { value: tensor([100], [1]) } },
          { op: "Mul", in: ["x", "a"], out: ["p"] },
          { op: "Add", in: ["p", "b"], out: ["q"] },
          { op: "Add", in: ["q", "c"] },
        ],
      ),
      x: counting(2),
      values: [110, 122],
    },
  ])("$name", async ({ bytes, x, values }) => {
    const result = await run(bytes, x);
    expect(result.values.map((value) => Math.fround(value))).toEqual(values.map(Math.fround));
  });

  it("Softmax of set 11 takes all behind its axis as one row", async () => {
    const x = tensor([0, 1, 2, 3], [1, 2, 2]);
    const whole = await run(file(11, [1, 2, 2], [{ op: "Softmax", in: ["x"] }]), x);
    expect(whole.values.reduce((a, b) => a + b)).toBeCloseTo(1, 6);
    expect(whole.shape).toEqual([1, 2, 2]);
    const rows = await run(file(13, [1, 2, 2], [{ op: "Softmax", in: ["x"], attributes: { axis: -1 } }]), x);
    expect(rows.values[0] + rows.values[1]).toBeCloseTo(1, 6);
  });

  it("Softmax of set 11 with an open batch equals that of a batch that is known", async () => {
    const x = tensor([0, 1, 2, 3, 4, 6, 8, 10], [2, 2, 2]);
    for (const axis of [1, 0]) {
      const node = { op: "Softmax", in: ["x"], attributes: { axis } };
      const [open, known] = [file(11, ["n", 2, 2], [node]), file(11, [2, 2, 2], [node])];
      expect(await run(open, x)).toEqual(await run(known, x));
    }
  });

  it.each([18, 21])("GroupNormalization of set %i takes an open batch", async (opset) => {
    const lists = opset === 18 ? [2, 3] : [2, 2, 3, 3];
    const node = { op: "GroupNormalization", in: ["x", "s", "s"], attributes: { num_groups: 2 } };
    const of = (batch: number | string, height: number | string) =>
      file(opset, [batch, 4, height, 2], [node], { s: tensor(lists) });
    const x = tensor(toNumbers(counting(3, 4, 2, 2)).map(Math.sin), [3, 4, 2, 2]);
    const known = await run(of(3, 2), x);
    expect(await run(of("n", 2), x)).toEqual(known);
    expect(importModel(of("n", 2)).outputs.y.shape).toEqual(["n", 4, 2, 2]);
  });

  it("GroupNormalization of set 18 (a scale for each group) equals that of set 21 (for each channel)", async () => {
    const groups = (opset: number, scale: number[], bias: number[]) =>
      run(
        file(
          opset,
          [1, 4, 3],
          [{ op: "GroupNormalization", in: ["x", "s", "b"], attributes: { num_groups: 2 } }],
          { s: tensor(scale), b: tensor(bias) },
        ),
        counting(1, 4, 3),
      );
    const byGroup = await groups(18, [2, 3], [1, -1]);
    const byChannel = await groups(21, [2, 2, 3, 3], [1, 1, -1, -1]);
    expect(byGroup).toEqual(byChannel);
    expect(byGroup.values.slice(0, 6).reduce((a, b) => a + b) / 6).toBeCloseTo(1, 5);
  });
});

describe("importModel computes the arithmetic of shapes", () => {
  it("view(batch, -1) as exporters write it", async () => {
    const bytes = file(
      13,
      ["batch", 2, 3],
      [
        { op: "Shape", in: ["x"], out: ["shape"] },
        { op: "Gather", in: ["shape", "zero"], out: ["batch"], attributes: { axis: 0 } },
        { op: "Unsqueeze", in: ["batch", "axis"], out: ["first"] },
        { op: "Concat", in: ["first", "rest"], out: ["target"], attributes: { axis: 0 } },
        { op: "Reshape", in: ["x", "target"] },
      ],
      { zero: tensor([0], [], "int64"), axis: integers(0), rest: integers(-1) },
    );
    const { outputs, graph } = importModel(bytes, { dims: { batch: 2 } });
    expect(outputs.y.shape).toEqual([2, 6]);
    expect(outputs.y.producer!.inputs[1]!.constant).toBeDefined();
    expect(graph.inputs.map(({ shape }) => shape)).toEqual([[2, 2, 3]]);
  });

  it("a size computed in floating point, sliced, cast and compared", () => {
    const bytes = file(
      13,
      [1, 1, 3, 5],
      [
        { op: "Shape", in: ["x"], out: ["shape"] },
        { op: "Slice", in: ["shape", "two", "four"], out: ["size"] },
        { op: "Cast", in: ["size"], out: ["float"], attributes: { to: 1 } },
        { op: "Mul", in: ["float", "half"], out: ["halved"] },
        { op: "Floor", in: ["halved"], out: ["floor"] },
        { op: "Cast", in: ["floor"], out: ["small"], attributes: { to: 7 } },
        { op: "Greater", in: ["small", "one"], out: ["is"] },
        { op: "Where", in: ["is", "small", "one"], out: ["least"] },
        { op: "Slice", in: ["shape", "zero", "two"], out: ["lead"] },
        { op: "Concat", in: ["lead", "least"], out: ["sizes"], attributes: { axis: 0 } },
        { op: "Resize", in: ["x", "", "", "sizes"], attributes: { mode: "linear" } },
      ],
      {
        zero: integers(0),
        two: integers(2),
        four: integers(4),
        half: tensor([0.5], []),
        one: integers(1),
      },
    );
    expect(importModel(bytes).outputs.y.shape).toEqual([1, 1, 1, 2]);
  });

  it("but leaves floating-point constants alone, which somebody may train", () => {
    const bytes = file(
      13,
      [2, 2],
      [
        { op: "Reshape", in: ["w", "to"], out: ["r"] },
        { op: "Mul", in: ["x", "r"] },
      ],
      { w: tensor([2, 3]), to: integers(1, 2) },
    );
    const { outputs, parameters } = importModel(bytes);
    const [dw] = grad(reduceSum(outputs.y, undefined, false), [parameters.w]);
    expect(dw?.shape).toEqual([2]);
  });
});

describe("openDimensions", () => {
  it("names what the inputs leave open, those that are no tensors having none", () => {
    const dim = [{ dimParam: "batch" }, { dimValue: 3 }, {}];
    const input = [
      { name: "list", type: {} },
      { name: "untyped" },
      { name: "x", type: { tensorType: { elemType: 1, shape: { dim } } } },
    ];
    const model = readModel(writeModel({ graph: { input } } as Parameters<typeof writeModel>[0]));
    expect([...openDimensions(model)]).toEqual([
      ["batch", 0],
      ["x_2", 2],
    ]);
  });
});

function smallNet(graph: Graph): Value {
  const x = graph.input("picture", ["batch", 3, 8, 8].with(0, 2) as number[]);
  const filters = (name: string, ...shape: number[]) => {
    const numbers = toNumbers(counting(...shape)).map((value) => Math.sin(value));
    return graph.constant(tensor(numbers, shape), name);
  };
  const a = relu(conv(x, filters("w1", 4, 3, 3, 3), filters("b1", 4), { padding: 1 }));
  const b = conv(maxPool(a, { kernelSize: 2 }), filters("w2", 5, 4, 1, 1));
  return softmax(reshape(globalAveragePool(b), [2, 5]), 1);
}

describe("a net written and read again", () => {
  it("computes the same, keeps its names, and has gradients by its parameters", async () => {
    const graph = new Graph();
    const y = smallNet(graph);
    const model = importModel(encodeModel({ outputs: { y }, metadata: { task: "test" } }));
    expect(model.metadata).toEqual({ task: "test" });
    expect(Object.keys(model.parameters)).toEqual(["w1", "b1", "w2"]);
    expect(Object.keys(model.inputs)).toEqual(["picture"]);
    expect(model.tensors.has(y.producer!.inputs[0]!.name)).toBe(true);
    const picture = tensor(toNumbers(counting(2, 3, 8, 8)).map(Math.cos), [2, 3, 8, 8]);
    const results = await Promise.all(
      [{ y }, model.outputs].map(async (outputs) => {
        const program = await compile({ outputs, threads: 1 });
        const data = (await program.run({ picture })).y.data.slice();
        await program.release();
        return data;
      }),
    );
    expect(results[1]).toEqual(results[0]);
    const gradients = grad(reduceSum(model.outputs.y, undefined, false), Object.values(model.parameters));
    expect(gradients.map((gradient) => gradient?.shape)).toEqual([[4, 3, 3, 3], [4], [5, 4, 1, 1]]);
  });
});
