import { describe, expect, it } from "vitest";
import { grad } from "../../src/autodiff/index.ts";
import { type Tensor, tensor } from "../../src/core/index.ts";
import {
  Graph,
  gather,
  gatherND,
  maxPool,
  mul,
  RoiAlign,
  reduceSum,
  roiPool,
  scatterAdd,
  type Value,
} from "../../src/graph/index.ts";
import { compile } from "../../src/runtime/index.ts";

const REPEATS = 10;

/** ∂(Σ y·weights)/∂x, computed anew by two threads several times; the first that differs from the others fails. */
async function gradientByTwoThreads(
  y: Value,
  x: Value,
  feeds: Readonly<Record<string, Tensor>>,
  weights?: Value,
): Promise<number[]> {
  const loss = reduceSum(weights ? mul(y, weights) : y, undefined, false);
  const [dx] = grad(loss, [x]);
  const program = await compile({ outputs: { dx: dx! }, threads: 2 });
  const first = Array.from((await program.run(feeds)).dx.data as Float32Array);
  for (let i = 1; i < REPEATS; i++) {
    expect(Array.from((await program.run(feeds)).dx.data as Float32Array), `run ${i}`).toEqual(first);
  }
  await program.release();
  return first;
}

const zeros = (...shape: number[]) => tensor(new Float32Array(shape.reduce((a, b) => a * b, 1)), shape);
const cycle = (length: number, period: number) => Array.from({ length }, (_, i) => i % period);

describe("two threads that add to the same elements lose nothing:", () => {
  it("Gather of one element again and again", async () => {
    const g = new Graph();
    const total = 2_000_000;
    const x = g.input("x", [4]);
    const y = gather(x, g.input("indices", [total], "int64"));
    const indices = { dtype: "int64", shape: [total], data: new BigInt64Array(total).fill(2n) } as const;
    const dx = await gradientByTwoThreads(y, x, { x: zeros(4), indices });
    expect(dx).toEqual([0, 0, total, 0]);
  });

  it.each([
    { what: "few wide rows, some counted from the end", count: 3, width: 16 },
    { what: "many rows", count: 100, width: 16 },
  ])("Gather of $what", async ({ count, width }) => {
    const g = new Graph();
    const total = 20_000;
    const list = cycle(total, count).map((i, k) => (k % 3 === 0 ? i - count : i));
    const x = g.input("x", [2, count, width]);
    const y = gather(x, g.input("indices", [total], "int64"), 1);
    const dx = await gradientByTwoThreads(y, x, {
      x: zeros(2, count, width),
      indices: tensor(list, [total], "int64"),
    });
    const times = Array.from({ length: count }, (_, i) => cycle(total, count).filter((k) => k === i).length);
    const each = times.flatMap((n) => Array.from({ length: width }, () => n));
    expect(dx).toEqual([...each, ...each]);
  });

  it("GatherND, its last dimension whole", async () => {
    const g = new Graph();
    const total = 60_000;
    const x = g.input("x", [2, 3, 2]);
    const y = gatherND(x, g.input("indices", [total, 2], "int64"));
    const pairs = Array.from({ length: total }, (_, i) => [i % 2 ? -1 : 0, i % 3]).flat();
    const dx = await gradientByTwoThreads(y, x, {
      x: zeros(2, 3, 2),
      indices: tensor(pairs, [total, 2], "int64"),
    });
    expect(dx).toEqual(new Array(12).fill(10_000));
  });

  it("scatterAdd adds to what is there", async () => {
    const g = new Graph();
    const total = 300_000;
    const y = scatterAdd(
      g.input("x", [3, 1]),
      g.input("indices", [total, 1], "int64"),
      g.input("updates", [total, 1]),
    );
    const program = await compile({ outputs: { y }, threads: 2 });
    const feeds = {
      x: tensor([1, 2, 3], [3, 1]),
      indices: tensor(cycle(total, 3), [total, 1], "int64"),
      updates: tensor(new Float32Array(total).fill(1), [total, 1]),
    };
    for (let i = 0; i < REPEATS; i++) {
      expect(Array.from((await program.run(feeds)).y.data as Float32Array)).toEqual([
        100_001, 100_002, 100_003,
      ]);
    }
    await program.release();
  });

  it("MaxPool, each of whose windows has the same greatest element as many others", async () => {
    const g = new Graph();
    const [maps, size] = [1024, 9];
    const x = g.input("x", [maps, 1, size, size]);
    const y = maxPool(x, { kernelSize: size, stride: 1, padding: 4 });
    const values = new Float32Array(maps * size * size);
    for (let map = 0; map < maps; map++) values[map * size * size + 40] = 1;
    const dx = await gradientByTwoThreads(y, x, { x: tensor(values, [maps, 1, size, size]) });
    expect(dx).toEqual(Array.from(values, (value) => value * size * size));
  });

  it("RoiAlign and RoIPool with regions of two pictures", async () => {
    const count = 512;
    const corners = tensor(Array.from({ length: count }, () => [0, 0, 3, 3]).flat(), [count, 4]);
    const pictures = tensor(cycle(count, 2), [count], "int64");
    const build = (pool: (x: Value, regions: Value, pictures: Value) => Value) => {
      const g = new Graph();
      const x = g.input("x", [2, 8, 4, 4]);
      const y = pool(x, g.input("regions", [count, 4]), g.input("pictures", [count], "int64"));
      return gradientByTwoThreads(y, x, {
        x: tensor(new Float32Array(256).fill(1), [2, 8, 4, 4]),
        regions: corners,
        pictures,
      });
    };
    const largest = await build((x, regions, pictures) =>
      roiPool(x, regions, pictures, { outputHeight: 1, outputWidth: 1 }),
    );
    // The first of equal elements gets all: one for each of the 256 regions of a picture.
    expect(largest).toEqual(Array.from({ length: 256 }, (_, i) => (i % 16 === 0 ? 256 : 0)));
    const mean = await build(
      (x, regions, pictures) =>
        x.graph.apply(RoiAlign, [x, regions, pictures], {
          output_height: 1,
          output_width: 1,
          sampling_ratio: 1,
          coordinate_transformation_mode: "output_half_pixel",
        })[0],
    );
    // One sample at (1.5, 1.5): a quarter for each of the four elements around it.
    const inner = [5, 6, 9, 10];
    expect(mean).toEqual(Array.from({ length: 256 }, (_, i) => (inner.includes(i % 16) ? 64 : 0)));
  });
});
