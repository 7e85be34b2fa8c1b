import { describe, expect, it } from "vitest";
import { tensor, zeros } from "../../src/core/index.ts";
import {
  add,
  Concat,
  clip,
  concat,
  conv,
  convTranspose,
  Graph,
  gemm,
  less,
  Max,
  matmul,
  maxPool,
  mul,
  orderedNodes,
  relu,
  reshape,
  Slice,
  sin,
  slice,
  spaceToDepth,
  split,
  squeeze,
  transpose,
  type Value,
  where,
} from "../../src/graph/index.ts";

describe("Graph", () => {
  it("gives every tensor a name of its own", () => {
    const g = new Graph();
    const x = g.input("Relu_0", [2]);
    const values = [x, relu(x), relu(x), g.constant(tensor([1])), sin(x)];
    expect(new Set(values.map(({ name }) => name)).size).toBe(values.length);
  });

  it("refuses a second input of the same name", () => {
    const g = new Graph();
    g.input("x", [2]);
    expect(() => g.input("x", [3])).toThrow(expect.objectContaining({ code: "name-taken" }));
  });

  it("shares scalars and lists of integers, but not 0 with −0, nor one type with another", () => {
    const g = new Graph();
    expect(g.scalar(2)).toBe(g.scalar(2));
    expect(g.scalar(0)).not.toBe(g.scalar(-0));
    expect(g.scalar(2)).not.toBe(g.scalar(2, "float64"));
    expect(g.integers([1, 2])).toBe(g.integers([1, 2]));
    expect(g.integers([12])).not.toBe(g.integers([1, 2]));
  });

  it("refuses tensors of another graph", () => {
    const [a, b] = [new Graph().input("a", [2]), new Graph().input("b", [2])];
    expect(() => add(a, b)).toThrow(expect.objectContaining({ code: "graph-mixed" }));
  });

  it("says which tensor's shape is not known", () => {
    const x = new Graph().input("picture", ["height", 3]);
    expect(() => x.dims).toThrow(/`picture`.*\[height,3\]/);
  });

  it("lists the nodes that outputs need, each after what it reads, once", () => {
    const g = new Graph();
    const x = g.input("x", [2]);
    const a = relu(x);
    const b = sin(a);
    const c = add(b, a);
    mul(c, 2);
    const nodes = orderedNodes([b, c]);
    expect(nodes.map(({ operator }) => operator.opType)).toEqual(["Relu", "Sin", "Add"]);
  });

  it("turns an input into a computed tensor", () => {
    const g = new Graph();
    const packed = g.input("packed", [4]);
    const w = g.input("w", [2]);
    const y = relu(w);
    const lists = [[1], [3], [0]].map((list) => g.integers(list));
    g.bind(w, Slice, [packed, ...lists]);
    expect(g.inputs).toEqual([packed]);
    const u = g.input("u", [3]);
    expect(() => g.bind(u, Slice, [packed, ...lists])).toThrowError(/`u` is float32 \[3\].*float32 \[2\]/);
    expect(orderedNodes([y]).map(({ operator }) => operator.opType)).toEqual(["Slice", "Relu"]);
    expect(() => g.bind(w, Slice, [packed])).toThrow(expect.objectContaining({ code: "not-an-input" }));
  });
});

describe("shapes that do not fit", () => {
  const g = new Graph();
  const whole = g.input("whole", [2], "int64");
  const int32 = g.input("int32", [2], "int32");
  const uint8 = g.input("uint8", [2], "uint8");
  const square = g.input("square", [2, 2], "float64");
  const of = (...shape: number[]) => g.constant(zeros(shape));

  it.each<[string, () => Value | readonly Value[], string, RegExp]>([
    ["Add", () => add(of(2, 3), of(2, 4)), "shape-mismatch", /\[2,3\] and \[2,4\].*3 ≠ 4/],
    ["Max of three", () => g.apply(Max, [of(2), of(2), of(2)]), "argument-count", /Max.*2 inputs.*3/],
    ["MatMul", () => matmul(of(2, 3), of(2, 4)), "shape-mismatch", /3 columns against 2 rows/],
    ["Gemm", () => gemm(of(2, 3), of(3, 4), true), "shape-mismatch", /2 columns against 3 rows/],
    ["Conv channels", () => conv(of(1, 4, 5, 5), of(2, 3, 3, 3)), "shape-mismatch", /4 channels.*take 3/],
    [
      "Conv groups",
      () => conv(of(1, 4, 5, 5), of(3, 2, 3, 3), undefined, { groups: 2 }),
      "argument-range",
      /`outChannels` \(=3\).*`groups` \(=2\)/,
    ],
    ["Conv kernel", () => conv(of(1, 1, 2, 5), of(1, 1, 3, 3)), "shape-mismatch", /reaches over 3/],
    ["Conv filters", () => conv(of(1, 2, 5), of(2, 2, 3, 3)), "rank-mismatch", /\[2,2,3,3\].*\[1,2,5\]/],
    [
      "Conv bias",
      () => conv(of(1, 1, 5), of(2, 1, 3), of(5)),
      "shape-mismatch",
      /bias \(shape \[5\]\).*\[2\]/,
    ],
    [
      "ConvTranspose channels",
      () => convTranspose(of(1, 3, 4), of(2, 1, 3)),
      "shape-mismatch",
      /3 channels.*take 2/,
    ],
    [
      "ConvTranspose bias",
      () => convTranspose(of(1, 2, 4), of(2, 1, 3), of(2)),
      "shape-mismatch",
      /must be \[1\]/,
    ],
    [
      "ConvTranspose padding",
      () => convTranspose(of(1, 1, 1), of(1, 1, 3), undefined, { padding: 2 }),
      "shape-mismatch",
      /padding 2\+2 leaves nothing of the 3 elements/,
    ],
    ["Conv rank", () => conv(of(2, 2), of(2, 2)), "rank-mismatch", /`x` \(shape \[2,2\]\)/],
    ["MaxPool", () => maxPool(of(1, 1, 2, 2), { kernelSize: 3 }), "shape-mismatch", /window of 3/],
    ["Reshape", () => reshape(of(2, 3), [4, 2]), "shape-mismatch", /6 elements.*\[4,2\]/],
    ["Reshape, free", () => reshape(of(2, 3), [-1, 4]), "shape-mismatch", /\[-1,4\]/],
    ["Transpose", () => transpose(of(2, 3), [0, 0]), "axis-range", /\[0,0\]/],
    ["Squeeze", () => squeeze(of(2, 3), [1]), "shape-mismatch", /axis 1 of \[2,3\]/],
    ["Concat", () => concat([of(2, 3), of(3, 3)], 1), "shape-mismatch", /\[2,3\] and \[3,3\]/],
    ["Concat rank", () => concat([of(2), of(2, 1)], 0), "shape-mismatch", /\[2\] and \[2,1\]/],
    ["Split", () => split(of(2, 5), 1, [2, 2]), "shape-mismatch", /\[2,2\].*5/],
    ["Slice", () => slice(of(2, 3), 2, 0, 1), "axis-range", /`axis` \(=2\)/],
    ["Concat axis", () => g.apply(Concat, [of(2, 3)], { axis: -3 }), "axis-range", /`axis` \(=-3\)/],
    ["SpaceToDepth", () => spaceToDepth(of(1, 1, 4, 5), 2), "shape-mismatch", /width 5/],
    ["clip", () => clip(of(2), 1, 0), "argument-range", /`low` \(=1\)/],
    ["Slice step", () => slice(of(3), 0, 0, 3, 0), "argument-range", /`step` \(=0\)/],
    ["Slice part", () => slice(of(3), 0, 1, 2.5), "argument-range", /`end` \(=2.5\)/],
    ["types", () => add(of(2), whole), "dtype-mismatch", /float32.*int64/],
    ["Less types", () => less(of(2), whole), "dtype-mismatch", /Less.*float32.*int64/],
    ["Where types", () => where(less(of(2), 1), of(2), whole), "dtype-mismatch", /Where.*float32.*int64/],
    ["Concat types", () => concat([of(2), whole], 0), "dtype-mismatch", /Concat.*float32.*int64/],
    ["MatMul types", () => matmul(of(2, 2), square), "dtype-mismatch", /MatMul.*float32.*float64/],
    ["Gemm types", () => gemm(of(2, 2), square), "dtype-mismatch", /Gemm.*float32.*float64/],
    ["half beside int64", () => mul(whole, 0.5), "argument-range", /Mul: 0.5.*int64/],
    ["half beside int32", () => less(int32, 2.5), "argument-range", /Less: 2.5.*int32/],
    ["−1 beside uint8", () => where(less(of(2), 1), uint8, -1), "argument-range", /Where: -1.*uint8/],
    ["list of halves", () => g.integers([1.5]), "argument-range", /\[1.5\] holds 1.5/],
    ["list with a name", () => g.integers(["N" as never]), "shape-unknown", /`N` of \[N\]/],
  ])("%s: refused, with the numbers", (_, build, code, message) => {
    expect(build).toThrow(expect.objectContaining({ code, message: expect.stringMatching(message) }));
  });
});
