import { describe, expect, it } from "vitest";
import { grad } from "../../src/autodiff/index.ts";
import { type Tensor, zeros } from "../../src/core/index.ts";
import { add, mul, reduceSum, type Value } from "../../src/graph/index.ts";
import { compile, type Tensors } from "../../src/runtime/index.ts";
import { expectClose } from "../graph/closeness.ts";
import { centralDifferences } from "../graph/finite-differences.ts";
import { type Instance, instantiate, weightedSum, weightedSumOf } from "../graph/operator-case.ts";
import { randomGraph } from "./random-graph.ts";

const tolerance = { relative: 0, ofLargest: 1e-2, absolute: 3e-4 };

/** Compares what a program says the gradients are with how another of its results changes. */
async function compare(
  { feeds }: Instance,
  outputs: Readonly<Record<string, Value>>,
  gradients: Readonly<Record<string, Value | undefined>>,
  lossOf: (results: Tensors) => number,
): Promise<void> {
  const named = Object.entries(gradients).flatMap(([name, value]) =>
    value ? [[`d_${name}`, value] as const] : [],
  );
  const program = await compile({ outputs: { ...outputs, ...Object.fromEntries(named) }, threads: 1 });
  const run = (moved: Readonly<Record<string, Tensor>>) => program.run({ ...feeds, ...moved });
  const results = await run({});
  const computed = new Map(named.map(([name]) => [name, results[name].data.slice()]));
  for (const name of Object.keys(gradients)) {
    const measured = await centralDifferences(feeds[name], async (moved) =>
      lossOf(await run({ [name]: moved })),
    );
    const expected = computed.get(`d_${name}`) ?? zeros(feeds[name].shape).data;
    expectClose(expected, measured, tolerance, `∂loss/∂${name}`);
  }
  await program.release();
}

describe("graphs of random operators", () => {
  it.each(Array.from({ length: 300 }, (_, seed) => seed))("graph %i: first derivatives", async (seed) => {
    const instance = instantiate(randomGraph(seed, { gathers: true }));
    const { inputs, outputs, weights } = instance;
    const names = Object.keys(inputs);
    const gradients = grad(weightedSum(instance), Object.values(inputs));
    expect(gradients.some(Boolean)).toBe(true);
    await compare(
      instance,
      Object.fromEntries(outputs.map((output, i) => [`y${i}`, output])),
      Object.fromEntries(names.map((name, i) => [name, gradients[i]])),
      (results) =>
        weightedSumOf(
          outputs.map((_, i) => results[`y${i}`]),
          weights,
        ),
    );
  });

  it.each(Array.from({ length: 60 }, (_, i) => 1000 + i))("graph %i: second derivatives", async (seed) => {
    const instance = instantiate(randomGraph(seed, { gathers: false }));
    const { inputs } = instance;
    const names = Object.keys(inputs);
    const first = grad(weightedSum(instance), Object.values(inputs));
    const squares = first.flatMap((value) => (value ? [reduceSum(mul(value, value), undefined, false)] : []));
    const norm = squares.reduce((a, b) => add(a, b));
    const second = grad(norm, Object.values(inputs));
    await compare(
      instance,
      { norm },
      Object.fromEntries(names.map((name, i) => [name, second[i]])),
      ({ norm: result }) => Number(result.data[0]),
    );
  });
});
