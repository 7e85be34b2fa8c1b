import { expect, it } from "vitest";
import { batchPlot } from "../../src/classify/batch-plot.ts";

it("draws sequences of very many values", async () => {
  const [count, length] = [6, 40_000];
  const data = Float32Array.from({ length: count * length }, (_, i) => Math.sin(i / 1000));
  const inputs = { dtype: "float32" as const, shape: [count, 1, length], data };
  const row = Float32Array.from({ length: 2 * count }, (_, i) => (i % 2 ? 0.1 : 0.9));
  const targets = { dtype: "float32" as const, shape: [count, 2], data: row };
  const ids = Array.from({ length: count }, (_, i) => `${i}`);
  const recipe = { kind: "sequences" as const, classes: ["sine", "square"], shape: [1, length] };
  const plot = await batchPlot({ inputs, targets, ids }, recipe);
  expect("svg" in plot && plot.svg).toMatch(/^<svg/);
});
