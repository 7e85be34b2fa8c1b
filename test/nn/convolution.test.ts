import { describe, expect, it } from "vitest";
import { Random } from "../../src/core/index.ts";
import { Graph } from "../../src/graph/index.ts";
import { constant, convolution, Scope } from "../../src/nn/index.ts";
import { evaluate } from "../autodiff/evaluate.ts";
import { expectClose } from "../graph/closeness.ts";

/** A scope over a new graph, and an input of its own. */
function start(shape: readonly number[]) {
  const graph = new Graph();
  return { scope: new Scope(graph), x: graph.input("x", shape) };
}

describe("convolution", () => {
  it.each([
    { what: "an ECG", input: [1, 1, 14], kernels: [[5], [5]], expected: [[10], [6]] },
    {
      what: "a picture",
      input: [1, 3, 14, 14],
      kernels: [
        [5, 5],
        [5, 5],
      ],
      expected: [
        [10, 10],
        [6, 6],
      ],
    },
    {
      what: "a CT scan",
      input: [1, 1, 14, 14, 14],
      kernels: [
        [5, 5, 5],
        [5, 5, 5],
      ],
      expected: [
        [10, 10, 10],
        [6, 6, 6],
      ],
    },
  ])("runs over $what: the textbook's shapes", async ({ input, kernels, expected }) => {
    const { scope, x } = start(input);
    const a = convolution(scope.at("a"), x, { outChannels: 16, kernelSize: 5, padding: 0 });
    const b = convolution(scope.at("b"), a, { outChannels: 32, kernelSize: 5, padding: 0 });
    expect(a.shape).toEqual([1, 16, ...expected[0]]);
    expect(b.shape).toEqual([1, 32, ...expected[1]]);
    const { parameters } = scope.set;
    expect(parameters.get("a.weight")!.shape).toEqual([16, input[1], ...kernels[0]]);
    expect(parameters.get("b.weight")!.shape).toEqual([32, 16, ...kernels[1]]);

    const values = scope.set.initialValues(1);
    const random = new Random(2);
    const feeds = Object.fromEntries([...values].map(([name, { data }]) => [name, Array.from(data, Number)]));
    const size = input.reduce((product, dim) => product * dim);
    const { y } = await evaluate(
      { y: b },
      { ...feeds, x: Array.from({ length: size }, () => random.normal()) },
    );
    expect(y).toHaveLength(32 * expected[1].reduce((product, dim) => product * dim));
    expect(y.some((value) => value !== 0)).toBe(true);
  });

  it("is a sum over each window, shifted by the bias", async () => {
    const { scope, x } = start([1, 1, 4]);
    const y = convolution(scope, x, {
      outChannels: 1,
      kernelSize: 3,
      bias: true,
      initialize: () => Float32Array.of(1, 2, 3),
      initializeBias: constant(10),
    });
    const values = scope.set.initialValues(0);
    const result = await evaluate(
      { y },
      {
        x: [1, 10, 100, 1000],
        weight: Array.from(values.get("weight")!.data, Number),
        bias: Array.from(values.get("bias")!.data, Number),
      },
    );
    // default padding 1: windows (0, 1, 10), (1, 10, 100), (10, 100, 1000), (100, 1000, 0)
    expect(result.y).toEqual([32 + 10, 321 + 10, 3210 + 10, 2100 + 10]);
  });

  it.each([
    { kernelSize: 3, stride: 1, dilation: 1, expected: [9, 12] },
    { kernelSize: 5, stride: 1, dilation: 2, expected: [9, 12] },
    { kernelSize: 1, stride: 1, dilation: 1, expected: [9, 12] },
    { kernelSize: 3, stride: 2, dilation: 1, expected: [5, 6] },
    { kernelSize: [1, 3], stride: [3, 1], dilation: 1, expected: [3, 12] },
    { kernelSize: [5, 3], stride: 1, dilation: 1, expected: [9, 12] },
  ])("pads by half the kernel's reach: $kernelSize, stride $stride, dilation $dilation", (options) => {
    const { scope, x } = start([2, 3, 9, 12]);
    const { expected, ...rest } = options;
    expect(convolution(scope, x, { outChannels: 4, ...rest }).shape).toEqual([2, 4, ...expected]);
  });

  it("keeps groups apart", async () => {
    const { scope, x } = start([1, 4, 3]);
    const y = convolution(scope, x, { outChannels: 2, kernelSize: 1, groups: 2, initialize: constant(1) });
    expect(scope.set.parameters.get("weight")!.shape).toEqual([2, 2, 1]);
    const result = await evaluate(
      { y },
      { x: [1, 2, 3, 10, 20, 30, 5, 6, 7, 50, 60, 70], weight: [1, 1, 1, 1] },
    );
    expectClose(result.y, [11, 22, 33, 55, 66, 77], { relative: 1e-6, ofLargest: 0 }, "grouped sums");
  });

  it("gives weights to weight decay, biases not", () => {
    const { scope, x } = start([1, 4, 3]);
    convolution(scope, x, { outChannels: 2, kernelSize: 1, bias: true });
    const roles = [...scope.set.parameters.values()].map(({ name, role }) => [name, role]);
    expect(roles).toEqual([
      ["weight", "weight"],
      ["bias", "gain"],
    ]);
  });

  it.each([
    { inChannels: 3, outChannels: 4, named: "`inChannels` (=3) must be divisible by `groups` (=2)" },
    { inChannels: 4, outChannels: 3, named: "`outChannels` (=3) must be divisible by `groups` (=2)" },
  ])("refuses channels that groups do not divide: $named", ({ inChannels, outChannels, named }) => {
    const { scope, x } = start([1, inChannels, 8]);
    const message = expect.stringContaining(named);
    expect(() => convolution(scope, x, { outChannels, kernelSize: 3, groups: 2 })).toThrow(
      expect.objectContaining({ code: "argument-range", message }),
    );
  });

  it("refuses a kernel that reaches beyond the picture", () => {
    const { scope, x } = start([1, 3, 4, 4]);
    const build = () => convolution(scope, x, { outChannels: 8, kernelSize: 5, padding: 0 });
    expect(build).toThrow("the kernel reaches over 5 elements, but dimension 2 of x has 4");
  });
});
