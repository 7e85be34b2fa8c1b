import { describe, expect, it } from "vitest";
import type { Value } from "../../src/graph/index.ts";
import { convolution, type Scope } from "../../src/nn/index.ts";
import { built, forward } from "./net-tools.ts";

/** 16, then 32 filters of 5 elements along each dimension, without padding. */
function twoConvolutions(scope: Scope, x: Value): Value[] {
  const a = convolution(scope.at("a"), x, { outChannels: 16, kernelSize: 5, padding: 0 });
  return [a, convolution(scope.at("b"), a, { outChannels: 32, kernelSize: 5, padding: 0 })];
}

describe("the same layers in one, two and three dimensions", () => {
  it.each([
    { what: "an ECG, 14×1 → 10×16 → 6×32", channels: 1, dimensions: 1 },
    { what: "a picture, 14×14×3 → 10×10×16 → 6×6×32", channels: 3, dimensions: 2 },
    { what: "a CT scan, 14×14×14×1 → 10×10×10×16 → 6×6×6×32", channels: 1, dimensions: 3 },
  ])("$what", async ({ channels, dimensions }) => {
    const along = (size: number) => new Array<number>(dimensions).fill(size);
    const input = [1, channels, ...along(14)];
    const { y, set } = built(twoConvolutions, input);
    expect(y[0].shape).toEqual([1, 16, ...along(10)]);
    expect(y[1].shape).toEqual([1, 32, ...along(6)]);
    expect(set.parameters.get("a.weight")!.shape).toEqual([16, channels, ...along(5)]);
    expect(set.parameters.get("b.weight")!.shape).toEqual([32, 16, ...along(5)]);
    const computed = await forward((scope, x) => twoConvolutions(scope, x)[1], input);
    expect(computed.shape).toEqual(y[1].shape);
    expect(computed.values.every(Number.isFinite)).toBe(true);
  });
});
