import { describe, expect, it } from "vitest";
import { grad } from "../../src/autodiff/index.ts";
import { type DataType, type Tensor, tensor, toNumbers } from "../../src/core/index.ts";
import {
  Add,
  And,
  type Attributes,
  add,
  Cast,
  Ceil,
  Concat,
  ConstantOfShape,
  cast,
  concat,
  Div,
  Equal,
  Expand,
  Floor,
  Gather,
  Graph,
  Greater,
  gather,
  greater,
  Mod,
  Mul,
  mul,
  Neg,
  Not,
  type Operator,
  Or,
  Range,
  ReduceProd,
  Reshape,
  reduceSum,
  reshape,
  ShapeOf,
  Size,
  Slice,
  Squeeze,
  Sub,
  shapeOf,
  slice,
  sqrt,
  thaw,
  Unsqueeze,
  Where,
  Xor,
} from "../../src/graph/index.ts";
import { compile } from "../../src/runtime/index.ts";

const whole = (numbers: number[], shape = [numbers.length]) => tensor(numbers, shape, "int64");
const truths = (...numbers: number[]) => tensor(numbers, [numbers.length], "bool");

interface Case {
  name: string;
  operator: Operator;
  inputs: Tensor[];
  attributes?: Attributes;
  values: number[];
  shape?: number[];
  dtype?: DataType;
}

const cases: Case[] = [
  {
    name: "Add, broadcast",
    operator: Add,
    inputs: [whole([1, 2, 3, 4], [2, 2]), whole([10, 20])],
    values: [11, 22, 13, 24],
    shape: [2, 2],
  },
  { name: "Sub", operator: Sub, inputs: [whole([1, 2]), whole([3], [])], values: [-2, -1] },
  { name: "Mul", operator: Mul, inputs: [whole([3, -2]), whole([4, 5])], values: [12, -10] },
  {
    name: "Div, rounded towards zero",
    operator: Div,
    inputs: [whole([7, -7]), whole([2, 2])],
    values: [3, -3],
  },
  {
    name: "Mod with the divisor's sign",
    operator: Mod,
    inputs: [whole([7, -7, 7]), whole([3, 3, -3])],
    values: [1, 2, -2],
  },
  {
    name: "Mod with the dividend's sign",
    operator: Mod,
    inputs: [whole([7, -7, 7]), whole([3, 3, -3])],
    attributes: { fmod: 1 },
    values: [1, -1, 1],
  },
  {
    name: "Cast to bool",
    operator: Cast,
    inputs: [whole([0, 2, -1])],
    attributes: { to: "bool" },
    values: [0, 1, 1],
    dtype: "bool",
  },
  { name: "Neg", operator: Neg, inputs: [whole([1, -2])], values: [-1, 2] },
  { name: "Equal", operator: Equal, inputs: [whole([1, 2]), whole([1, 3])], values: [1, 0], dtype: "bool" },
  {
    name: "Greater",
    operator: Greater,
    inputs: [whole([1, 4]), whole([1, 3])],
    values: [0, 1],
    dtype: "bool",
  },
  {
    name: "And",
    operator: And,
    inputs: [truths(1, 1, 0), truths(1, 0, 0)],
    values: [1, 0, 0],
    dtype: "bool",
  },
  { name: "Or", operator: Or, inputs: [truths(1, 1, 0), truths(1, 0, 0)], values: [1, 1, 0], dtype: "bool" },
  {
    name: "Xor",
    operator: Xor,
    inputs: [truths(1, 1, 0), truths(1, 0, 0)],
    values: [0, 1, 0],
    dtype: "bool",
  },
  { name: "Not", operator: Not, inputs: [truths(1, 0)], values: [0, 1], dtype: "bool" },
  { name: "Where", operator: Where, inputs: [truths(1, 0), whole([1, 2]), whole([8, 9])], values: [1, 9] },
  {
    name: "Concat along axis 1",
    operator: Concat,
    inputs: [whole([1, 2], [2, 1]), whole([3, 4, 5, 6], [2, 2])],
    attributes: { axis: 1 },
    values: [1, 3, 4, 2, 5, 6],
    shape: [2, 3],
  },
  {
    name: "Gather along axis 1, from the end",
    operator: Gather,
    inputs: [whole([1, 2, 3, 4, 5, 6], [2, 3]), whole([-1, 0])],
    attributes: { axis: 1 },
    values: [3, 1, 6, 4],
    shape: [2, 2],
  },
  {
    name: "Slice of two axes, one backwards",
    operator: Slice,
    inputs: [
      whole([1, 2, 3, 4, 5, 6], [2, 3]),
      whole([1, -1]),
      whole([2, -9]),
      whole([0, 1]),
      whole([1, -2]),
    ],
    values: [6, 4],
    shape: [1, 2],
  },
  {
    name: "Reshape",
    operator: Reshape,
    inputs: [whole([1, 2, 3, 4]), whole([2, -1])],
    values: [1, 2, 3, 4],
    shape: [2, 2],
  },
  { name: "Squeeze", operator: Squeeze, inputs: [whole([5], [1]), whole([0])], values: [5], shape: [] },
  { name: "Unsqueeze", operator: Unsqueeze, inputs: [whole([5], []), whole([0])], values: [5] },
  {
    name: "Expand",
    operator: Expand,
    inputs: [whole([1, 2], [2, 1]), whole([2, 3])],
    values: [1, 1, 1, 2, 2, 2],
    shape: [2, 3],
  },
  {
    name: "Cast of whole numbers to floats",
    operator: Cast,
    inputs: [whole([1, 2])],
    attributes: { to: "float32" },
    values: [1, 2],
    dtype: "float32",
  },
  {
    name: "ReduceProd",
    operator: ReduceProd,
    inputs: [whole([2, 3, 4])],
    attributes: { keepdims: 0 },
    values: [24],
    shape: [],
  },
  {
    name: "Range",
    operator: Range,
    inputs: [whole([2], []), whole([9], []), whole([3], [])],
    values: [2, 5, 8],
  },
  {
    name: "Range, falling",
    operator: Range,
    inputs: [whole([3], []), whole([0], []), whole([-2], [])],
    values: [3, 1],
  },
  {
    name: "ConstantOfShape",
    operator: ConstantOfShape,
    inputs: [whole([2, 2])],
    attributes: { value: whole([7]) },
    values: [7, 7, 7, 7],
    shape: [2, 2],
  },
  { name: "Shape", operator: ShapeOf, inputs: [tensor(new Float32Array(6), [2, 3])], values: [2, 3] },
  {
    name: "Shape in part",
    operator: ShapeOf,
    inputs: [tensor(new Float32Array(6), [2, 3])],
    attributes: { start: -1 },
    values: [3],
  },
  { name: "Size", operator: Size, inputs: [tensor(new Float32Array(6), [2, 3])], values: [6], shape: [] },
];

describe("folded while the graph is built, as ONNX Runtime would compute it", () => {
  it.each(cases)("$name", async ({
    operator,
    inputs,
    attributes,
    values,
    shape = [values.length],
    dtype = "int64",
  }) => {
    const g = new Graph();
    const [folded] = g.apply(
      operator,
      inputs.map((input) => g.constant(input)),
      attributes,
    );
    expect(folded.producer).toBeUndefined();
    expect({ ...folded.constant!, data: toNumbers(folded.constant!) }).toEqual({
      dtype,
      shape,
      data: values,
    });

    // The same by the runtime: without the rule, nothing is folded.
    const { fold: _, ...unfolded } = operator;
    const h = new Graph();
    const [computed] = h.apply(
      unfolded,
      inputs.map((input) => h.constant(input)),
      attributes,
    );
    const program = await compile({ outputs: { computed }, threads: 1 });
    const result = (await program.run({})).computed;
    expect({ dtype: result.dtype, shape: [...result.shape], data: toNumbers(result) }).toEqual({
      dtype,
      shape,
      data: values,
    });
    await program.release();
  });

  it("in floating point, where the numbers come from a shape", () => {
    const g = new Graph();
    const x = g.input("x", [1, 3, 5, 7]);
    const size = cast(shapeOf(x), "float32");
    const halved = mul(size, 0.5);
    expect(toNumbers(g.apply(Floor, [halved])[0].constant!)).toEqual([0, 1, 2, 3]);
    expect(toNumbers(g.apply(Ceil, [halved])[0].constant!)).toEqual([1, 2, 3, 4]);
  });
});

describe("not folded", () => {
  it("are shapes that are not known", () => {
    const g = new Graph();
    expect(shapeOf(g.input("x", ["n", 3])).producer?.operator).toBe(ShapeOf);
  });

  it("are floating-point constants, which may be parameters", () => {
    const g = new Graph();
    const w = g.constant(tensor([1, 2]));
    expect(add(w, 1).constant).toBeUndefined();
    expect(reshape(w, [1, 2]).constant).toBeUndefined();
  });

  it("are comparisons and casts of given floating-point numbers: they follow a parameter that is thawed", async () => {
    const g = new Graph();
    const w = g.constant(tensor([1, 3]), "w");
    const above = greater(w, 2);
    const cut = cast(w, "int32");
    expect([above.constant, cut.constant]).toEqual([undefined, undefined]);
    const { outputs } = thaw({ above, cut }, [w]);
    const program = await compile({ outputs, threads: 1 });
    const results = await program.run({ w: tensor([5, 0.5]) });
    await program.release();
    expect([toNumbers(results.above), toNumbers(results.cut)]).toEqual([
      [1, 0],
      [5, 0],
    ]);
  });

  it("are long lists", () => {
    const g = new Graph();
    const many = g.constant(whole(Array.from({ length: 100 }, (_, i) => i)));
    expect(add(many, many).constant).toBeUndefined();
  });

  it("are given numbers beside computed ones: they may be parameters", () => {
    const g = new Graph();
    const w = g.constant(tensor([1, 2, 3, 4]));
    const width = sqrt(cast(shapeOf(g.input("x", [4])), "float32"));
    const scaled = mul(w, width);
    expect(scaled.constant).toBeUndefined();
    const [dw] = grad(reduceSum(scaled, undefined, false), [w]);
    expect(dw?.shape).toEqual([4]);
  });

  it("are divisions by zero and numbers without an end, which integers cannot hold", () => {
    const g = new Graph();
    const [seven, zero] = [g.constant(whole([7])), g.constant(whole([0]))];
    expect(g.apply(Div, [seven, zero])[0].constant).toBeUndefined();
    expect(g.apply(Mod, [seven, zero])[0].constant).toBeUndefined();
    const endless = g.constant(tensor([Number.POSITIVE_INFINITY]));
    expect(g.apply(Cast, [endless], { to: "int64" })[0].constant).toBeUndefined();
  });
});

describe("numbers that a shape depends on", () => {
  it("are found through given floating-point numbers, slices and gathers of them", () => {
    const g = new Graph();
    const x = g.input("x", [4, 6]);
    const halves = mul(cast(shapeOf(x), "float32"), g.constant(tensor([0.5], [])));
    const last = slice(halves, 0, 1, 2);
    const first = gather(halves, g.integers([0]));
    const target = cast(concat([first, last, g.constant(tensor([4]))], 0), "int64");
    expect(target.constant).toBeUndefined();
    expect(g.apply(Reshape, [x, target])[0].shape).toEqual([2, 3, 4]);
  });

  it("are computed once each, however many read them", () => {
    const g = new Graph();
    let sum = g.constant(tensor([1]));
    for (let i = 0; i < 40; i++) sum = add(sum, sum);
    const one = cast(mul(sum, 2 ** -40), "int64");
    expect(g.apply(Reshape, [g.input("x", [5, 1]), concat([one, g.integers([5])], 0)])[0].shape).toEqual([
      1, 5,
    ]);
  });
});
