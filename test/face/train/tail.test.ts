import { describe, expect, it } from "vitest";
import { grad } from "../../../src/autodiff/index.ts";
import { Random, type Tensor, tensor, toNumbers } from "../../../src/core/index.ts";
import { Tail } from "../../../src/face/train/tail.ts";
import {
  add,
  conv,
  Graph,
  gemm,
  globalAveragePool,
  orderedNodes,
  reduceSum,
  relu,
  reshape,
  type Value,
} from "../../../src/graph/index.ts";
import { batchNorm, Scope } from "../../../src/nn/index.ts";
import { compile } from "../../../src/runtime/index.ts";

const random = new Random(7);
const drawn = (shape: readonly number[], deviation = 0.3): Tensor =>
  tensor(
    Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => random.normal(0, deviation)),
    shape,
  );

/** A trained net: convolution, residual block, norm, matrix; six layers in all. */
function net(): { pictures: Value; descriptors: Value } {
  const graph = new Graph();
  const pictures = graph.input("pictures", [1, 3, 8, 8]);
  const weight = (name: string, shape: readonly number[]) => graph.constant(drawn(shape), name);
  const filtered = (x: Value, name: string) =>
    conv(x, weight(`${name}.w`, [4, x.dims[1], 3, 3]), weight(`${name}.b`, [4]), { padding: 1 });
  const stem = relu(filtered(pictures, "stem"));
  const block = relu(add(stem, filtered(relu(filtered(stem, "a")), "b")));
  const values = new Map([
    ["norm.scale", drawn([4])],
    ["norm.offset", drawn([4])],
    ["norm.mean", drawn([4])],
    ["norm.variance", tensor([1, 2, 3, 4])],
  ]);
  const normed = batchNorm(new Scope(graph, { values }).at("norm"), filtered(block, "c"));
  const means = reshape(globalAveragePool(normed), [-1, 4]);
  const descriptors = gemm(
    relu(gemm(means, weight("d.w", [5, 4]), false, true, weight("d.b", [5]))),
    weight("e.w", [6, 5]),
    false,
    true,
  );
  return { pictures, descriptors };
}

async function run(outputs: Record<string, Value>, feeds: Record<string, Tensor>) {
  const program = await compile({ outputs, threads: 1 });
  const results = await program.run(feeds);
  await program.release();
  return Object.fromEntries(
    Object.entries(results).map(([name, { data }]): [string, number[]] => [
      name,
      Array.from(data as Float32Array),
    ]),
  );
}

const picture = drawn([1, 3, 8, 8], 1);

describe("Tail", () => {
  it.each([
    [0, [], [6]],
    [1, ["e.w"], [5]],
    [2, ["d.b", "d.w", "e.w"], [4]],
    [3, ["c.b", "c.w", "d.b", "d.w", "e.w", "norm.offset", "norm.scale"], [4, 8, 8]],
    // The residual block is taken whole: inside, the net is two tensors wide.
    [
      4,
      ["a.b", "a.w", "b.b", "b.w", "c.b", "c.w", "d.b", "d.w", "e.w", "norm.offset", "norm.scale"],
      [4, 8, 8],
    ],
  ])("with %d layers is cut where the net is one tensor wide", (layers, names, shape) => {
    const tail = new Tail(net().descriptors, layers);
    expect([...tail.values.keys()].map((name) => name.replace("tail.", "")).sort()).toEqual(names);
    expect(tail.shape).toEqual(shape);
  });

  it.each([0, 1, 3, 5])("joined to its front again is the net as it was (%d layers)", async (layers) => {
    const { descriptors } = net();
    const expected = await run({ y: descriptors }, { pictures: picture });
    const tail = new Tail(descriptors, layers);
    const { features } = await run(tail.front().outputs, { pictures: picture });
    const graph = new Graph();
    // Three pictures at once, although the net was read with one.
    const input = graph.input("features", [3, ...tail.shape]);
    const y = tail.build(new Scope(graph, { values: tail.values }), input);
    const rows =
      layers === 0
        ? { y: features }
        : await run({ y }, { features: tensor([...features, ...features, ...features], input.dims) });
    for (const [i, value] of rows.y.slice(0, 6).entries()) expect(value).toBeCloseTo(expected.y[i], 5);
    const whole = await run({ y: tail.whole(tail.values).outputs.result }, { pictures: picture });
    expect(whole).toEqual(expected);
  });

  it("puts what has learned into the whole net, and reads it back", async () => {
    const { descriptors } = net();
    const tail = new Tail(descriptors, 3);
    const moved = new Map([...tail.values].map(([name, { shape }]) => [name, drawn(shape)]));
    const { outputs } = tail.whole(moved);
    const constants = new Map<string, Tensor>();
    for (const node of orderedNodes([outputs.result]))
      for (const input of node.inputs) if (input?.constant) constants.set(input.name, input.constant);
    expect(tail.named(constants)).toEqual(moved);
    expect(constants.get("stem.w")).toBeDefined(); // the front stays
    const [before, after] = [descriptors, outputs.result].map((y) => run({ y }, { pictures: picture }));
    expect(await after).not.toEqual(await before);
  });

  it("makes parameters of the tail's constants, and lets nothing before it learn", () => {
    const tail = new Tail(net().descriptors, 3);
    const scope = new Scope(new Graph(), { training: true });
    const input = scope.graph.input("features", [2, ...tail.shape]);
    const loss = reduceSum(tail.build(scope, input), undefined, false);
    const parameters = [...scope.set.parameters.values()];
    expect(parameters.map(({ name }) => name).sort()).toEqual([...tail.values.keys()].sort());
    expect(parameters.filter(({ role }) => role === "weight").map(({ name }) => name)).toEqual([
      "tail.c.w",
      "tail.d.w",
      "tail.e.w",
    ]);
    const gradients = grad(
      loss,
      parameters.map(({ value }) => value),
    );
    expect(gradients.every((gradient) => gradient !== undefined)).toBe(true);
  });

  it("counts how far weights have moved from where they were", async () => {
    const tail = new Tail(net().descriptors, 1);
    const scope = new Scope(new Graph(), { training: true });
    tail.build(scope, scope.graph.input("features", [2, ...tail.shape]));
    const stay = tail.distanceFromStart(scope, 0.25)!;
    const start = tail.values.get("tail.e.w")!;
    expect(await run({ stay }, { "tail.e.w": start })).toEqual({ stay: [0] });
    const moved = tensor(
      toNumbers(start).map((value) => value + 0.5),
      start.shape,
    );
    const { stay: cost } = await run({ stay }, { "tail.e.w": moved });
    expect(cost[0]).toBeCloseTo(0.25 * 30 * 0.25, 4); // 30 weights, each moved by ½
    expect(tail.distanceFromStart(scope, 0)).toBeUndefined();
  });

  it("refuses more layers than there are", () => {
    expect(() => new Tail(net().descriptors, 7)).toThrow(
      expect.objectContaining({
        code: "argument-range",
        message: expect.stringContaining("has 6 layers; 7"),
      }),
    );
  });
});
