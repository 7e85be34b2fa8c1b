import { expect, it } from "vitest";
import { batchPlot } from "../../src/classify/batch-plot.ts";

it("draws sequences of very many values", async () => {
  const [count, length] = [6, 40_000];
  const data = Float32Array.from({ length: count * length }, (_, i) => Math.sin(i / 1000));
  const inputs = { dtype: "float32" as const, shape: [count, 1, length], data };
  const row = Float32Array.from({ length: 2 * count }, (_, i) => (i % 2 ? 0.1 : 0.9));
  const targets = { dtype: "float32" as const, shape: [count, 2], data: row };
  const ids = Array.from({ length: count }, (_, i) => `${i}`);
  const recipe = { kind: "sequences" as const, classes: ["sine", "square"] };
  const plot = await batchPlot({ inputs, targets, ids }, recipe);
  expect("svg" in plot && plot.svg).toMatch(/^<svg/);
});

it("shows pictures in the size that the batch has, whatever the net's is", async () => {
  const side = 24;
  const colours = [
    [250, 10, 20],
    [30, 240, 60],
  ];
  const data = Uint8Array.from({ length: 2 * 3 * side * side }, (_, i) => {
    const plane = Math.floor(i / (side * side));
    return colours[Math.floor(plane / 3)][plane % 3];
  });
  const inputs = { dtype: "uint8" as const, shape: [2, 3, side, side], data };
  const targets = { dtype: "float32" as const, shape: [2, 2], data: Float32Array.of(1, 0, 0, 1) };
  const recipe = { kind: "pictures" as const, classes: ["red", "green"] };
  const plot = await batchPlot({ inputs, targets, ids: ["a", "b"] }, recipe);
  if (!("picture" in plot)) throw new Error("pictures are shown as pictures");
  const { picture } = plot;
  const counts = colours.map((colour) => {
    let count = 0;
    for (let at = 0; at < picture.data.length; at += 3)
      if (colour.every((value, c) => Math.abs(picture.data[at + c] - value) <= 2)) count++;
    return count;
  });
  for (const count of counts) expect(count).toBeGreaterThan(0.95 * 128 * 128);
});

it("shows volumes from their darkest to their brightest", async () => {
  const data = Float32Array.from({ length: 2 * 4 ** 3 }, (_, i) => (i % 4 < 2 ? -1000 : 31_000));
  const inputs = { dtype: "float32" as const, shape: [2, 1, 4, 4, 4], data };
  const targets = { dtype: "float32" as const, shape: [2, 2], data: Float32Array.of(1, 0, 0, 1) };
  const recipe = { kind: "volumes" as const, classes: ["a", "b"] };
  const plot = await batchPlot({ inputs, targets, ids: ["a", "b"] }, recipe);
  if (!("picture" in plot)) throw new Error("volumes are shown as pictures");
  const { data: pixels, width } = plot.picture;
  const at = (x: number, y: number) => pixels[3 * (y * width + x)];
  expect(at(20, 40)).toBeLessThan(10);
  expect(at(110, 40)).toBeGreaterThan(245);
});
