import { describe, expect, it } from "vitest";
import { tensor } from "../../src/core/index.ts";
import {
  Graph,
  reduceL1,
  reduceL2,
  reduceLogSum,
  reduceLogSumExp,
  reduceMax,
  reduceMean,
  reduceMin,
  reduceProd,
  reduceSum,
  reduceSumSquare,
  reshape,
  type Value,
} from "../../src/graph/index.ts";
import { compile } from "../../src/runtime/index.ts";
import { expectClose } from "./closeness.ts";

describe("a reduction over no axes reduces each element by itself:", () => {
  it.each<[string, (x: Value, axes: readonly number[]) => Value, (x: number) => number]>([
    ["reduceSum", reduceSum, (x) => x],
    ["reduceMean", reduceMean, (x) => x],
    ["reduceMax", reduceMax, (x) => x],
    ["reduceMin", reduceMin, (x) => x],
    ["reduceProd", reduceProd, (x) => x],
    ["reduceL1", reduceL1, Math.abs],
    ["reduceL2", reduceL2, Math.abs],
    ["reduceSumSquare", reduceSumSquare, (x) => x * x],
    ["reduceLogSum", reduceLogSum, Math.log],
    ["reduceLogSumExp", reduceLogSumExp, (x) => x],
  ])("%s", async (name, reduce, single) => {
    const numbers = name === "reduceLogSum" ? [0.5, 2, 7] : [-2, 3, 0.5];
    const x = new Graph().input("x", [3, 1]);
    const program = await compile({ outputs: { y: reduceSum(reduce(x, []), [1], false) }, threads: 1 });
    const { y } = await program.run({ x: tensor(numbers, [3, 1]) });
    expectClose(y.data, numbers.map(single), { relative: 1e-6, ofLargest: 1e-6 }, name);
    await program.release();
  });
});

it("reshape turns a tensor without elements to any shape without elements", async () => {
  const x = new Graph().input("x", [0, 3]);
  const y = reshape(x, [3, 0, 2]);
  expect(y.shape).toEqual([3, 0, 2]);
  const program = await compile({ outputs: { y }, threads: 1 });
  expect((await program.run({ x: tensor([], [0, 3]) })).y.shape).toEqual([3, 0, 2]);
  await program.release();
});
