import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, it } from "vitest";
import { Random, tensor, zeros } from "../../src/core/index.ts";
import { Graph, matmul, relu } from "../../src/graph/index.ts";
import { compile } from "../../src/runtime/index.ts";

setFlagsFromString("--expose-gc");
const collectGarbage: () => void = runInNewContext("gc");

const WIDTH = 512;
const MEGABYTE = 1024 * 1024;

/** Resident memory once garbage is collected. */
function residentMegabytes(): number {
  collectGarbage();
  return process.memoryUsage().rss / MEGABYTE;
}

/** One life of a program that holds a megabyte of weights and gives a megabyte of results. */
async function compileRunRelease(seed: number): Promise<void> {
  const random = new Random(seed);
  const g = new Graph();
  const weights = tensor(
    Float32Array.from({ length: WIDTH * WIDTH }, () => random.next()),
    [WIDTH, WIDTH],
  );
  const y = relu(matmul(g.input("x", [WIDTH, WIDTH]), g.constant(weights)));
  const program = await compile({ outputs: { y }, threads: 1 });
  await program.run({ x: zeros([WIDTH, WIDTH]) });
  await program.release();
}

/** The least memory after any of some lives: what lies between them is the allocator's room, not what they leave. */
async function leastAfter(lives: readonly number[]): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  for (const seed of lives) {
    await compileRunRelease(seed);
    least = Math.min(least, residentMegabytes());
  }
  return least;
}

it("gives memory back: two hundred programs leave less behind than they held", async () => {
  const seeds = Array.from({ length: 240 }, (_, i) => i);
  const before = await leastAfter(seeds.slice(0, 40));
  for (const seed of seeds.slice(40, 200)) await compileRunRelease(seed);
  const growth = (await leastAfter(seeds.slice(200))) - before;
  expect(growth).toBeLessThan(60); // of more than 400 MB
});

it("runs a thousand times in the same memory", async () => {
  const g = new Graph();
  const program = await compile({ outputs: { y: relu(g.input("x", [64, WIDTH])) }, threads: 1 });
  const run = async (times: number) => {
    for (let i = 0; i < times; i++) await program.run({ x: zeros([64, WIDTH]) });
  };
  await run(200);
  const before = residentMegabytes();
  await run(1000); // 125 MB of feeds pass through
  expect(residentMegabytes() - before).toBeLessThan(40);
  await program.release();
});
