import { describe, expect, it } from "vitest";
import { type Tensor, tensor, toNumbers } from "../../src/core/index.ts";
import { add, encodeModel, fromFloat16, Graph, storeAsFloat16, toFloat16 } from "../../src/graph/index.ts";
import { expectClose } from "./closeness.ts";
import { classifier, drawn, run } from "./small-classifier.ts";

describe("float16", () => {
  it("rounds to the nearest, halves to even, down to the smallest", () => {
    const given = [
      0,
      -0,
      1,
      -2.5,
      65504,
      1 / 3,
      2 ** -14,
      2 ** -24,
      2 ** -25,
      3 * 2 ** -25,
      1 + 2 ** -11,
      1 + 3 * 2 ** -11,
    ];
    const back = toNumbers(fromFloat16(toFloat16(tensor(given))));
    expect(back).toEqual([
      0,
      -0,
      1,
      -2.5,
      65504,
      0.333251953125,
      2 ** -14,
      2 ** -24,
      0,
      2 ** -23,
      1,
      1 + 2 ** -9,
    ]);
    expect(() => toFloat16(tensor([1e6]))).toThrowError(/beyond ±65504/);
  });

  it("turns every one of its numbers into float32 and back", () => {
    const bits = Uint16Array.from({ length: 65536 }, (_, i) => i).filter(
      (word) => (word & 0x7c00) !== 0x7c00,
    );
    const half: Tensor = { dtype: "float16", shape: [bits.length], data: bits };
    expect(toFloat16(fromFloat16(half)).data).toEqual(bits);
  });

  it("leaves numbers alone that it cannot hold: places beyond 1024, and the very large", async () => {
    const g = new Graph();
    const centres = g.constant(tensor(Array.from({ length: 1200 }, (_, i) => i + 0.5)));
    const large = g.constant(tensor(Array.from({ length: 100 }, (_, i) => 1e5 * i)));
    const outputs = storeAsFloat16({
      y: add(g.input("x", [1200]), centres),
      z: add(g.input("u", [100]), large),
    }).outputs;
    const { y, z } = await run(outputs, {
      x: tensor(new Float32Array(1200)),
      u: tensor(new Float32Array(100)),
    });
    expect(y.data.slice(1098, 1102)).toEqual([1098.5, 1099.5, 1100.5, 1101.5]);
    expect(z.data[99]).toBe(99e5);
  });

  it("halves a net's file and hardly changes its answers", async () => {
    const { y, random } = classifier();
    const picture = drawn(random, [1, 3, 8, 8]);
    const small = storeAsFloat16({ y }, 10);
    const [before, after] = [await run({ y }, { x: picture }), await run(small.outputs, { x: picture })];
    expectClose(after.y.data, before.y.data, { relative: 1e-2, ofLargest: 1e-3 }, "y");
    const bytes = encodeModel({ outputs: { y: small.outputs.y } }).length;
    expect(bytes).toBeLessThan(0.75 * encodeModel({ outputs: { y } }).length);
  });
});
