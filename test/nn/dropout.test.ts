import { describe, expect, it } from "vitest";
import { Random, tensor } from "../../src/core/index.ts";
import { Graph } from "../../src/graph/index.ts";
import { dropout, Scope, STEP_RANDOM } from "../../src/nn/index.ts";
import { compile } from "../../src/runtime/index.ts";
import { evaluate } from "../autodiff/evaluate.ts";

/** A step's two random numbers. */
type Step = readonly [number, number];

async function dropped(step: Step, options: Parameters<typeof dropout>[2], shape = [40, 50, 4]) {
  const graph = new Graph();
  const x = graph.input("x", shape);
  const y = dropout(new Scope(graph).at("layer"), x, options);
  const size = shape.reduce((a, b) => a * b, 1);
  return (await evaluate({ y }, { x: new Array(size).fill(1), [STEP_RANDOM]: step })).y;
}

describe("dropout", () => {
  it.each([
    0.1, 0.5, 0.8,
  ])("drops a share of %d, and scales the rest so that the mean stays", async (rate) => {
    const y = await dropped([2700.25, 3141.5], { rate });
    const zeros = y.filter((value) => value === 0).length / y.length;
    expect(zeros).toBeGreaterThan(rate - 0.03);
    expect(zeros).toBeLessThan(rate + 0.03);
    for (const value of y) if (value !== 0) expect(value).toBeCloseTo(1 / (1 - rate), 5);
  });

  it("chooses by the step's number: the same again for the same, independently for another", async () => {
    const [one, other]: Step[] = [
      [2600.1, 3500.7],
      [3731.6, 2050.3],
    ];
    const [a, again, b] = [await dropped(one, {}), await dropped(one, {}), await dropped(other, {})];
    expect(again).toEqual(a);
    const both = a.filter((value, i) => value === 0 && b[i] === 0).length / a.length;
    expect(both).toBeGreaterThan(0.22);
    expect(both).toBeLessThan(0.28); // a quarter where neither knows of the other
  });

  it("decides for each element by itself, over many steps", async () => {
    const graph = new Graph();
    const [count, steps] = [512, 200];
    const y = dropout(new Scope(graph).at("layer"), graph.input("x", [count]));
    const program = await compile({ outputs: { y }, threads: 1 });
    const random = new Random(7);
    const fates = Array.from({ length: count }, () => new Int8Array(steps));
    const x = tensor(new Float32Array(count).fill(1));
    for (let i = 0; i < steps; i++) {
      const numbers = tensor([random.uniform(2048, 4096), random.uniform(2048, 4096)]);
      const { data } = (await program.run({ x, [STEP_RANDOM]: numbers })).y;
      for (const [j, fate] of fates.entries()) fate[i] = data[j] === 0 ? 1 : 0;
    }
    await program.release();
    let [least, most, alike] = [steps, 0, 0];
    for (const [j, fate] of fates.entries()) {
      const drops = fate.reduce((sum, one) => sum + one, 0);
      [least, most] = [Math.min(least, drops), Math.max(most, drops)];
      for (let k = 0; k < j; k++) {
        let same = 0;
        for (let i = 0; i < steps; i++) if (fate[i] === fates[k][i]) same++;
        if (same > 0.75 * steps) alike++; // 7 standard deviations above a half
      }
    }
    expect(least).toBeGreaterThan(60);
    expect(most).toBeLessThan(140);
    expect(alike).toBeLessThan(3); // of 130,000 pairs
  });

  it("drops whole channels", async () => {
    const y = await dropped([2900.7, 4001.2], { channels: true });
    for (let channel = 0; channel < 2000; channel++) {
      const values = new Set(y.slice(4 * channel, 4 * channel + 4));
      expect(values.size).toBe(1);
    }
  });

  it("is x itself outside of training", () => {
    const graph = new Graph();
    const x = graph.input("x", [2, 3]);
    expect(dropout(new Scope(graph, { values: new Map() }), x)).toBe(x);
    expect(dropout(new Scope(graph).frozen(), x)).toBe(x);
    expect(() => dropout(new Scope(graph), x, { rate: 1 })).toThrowError(/`rate` \(=1\)/);
  });

  it("has masks that differ from place to place", async () => {
    const scope = new Scope(new Graph());
    const x = scope.graph.input("x", [100]);
    const [a, b] = ["a", "b"].map((name) => dropout(scope.at(name), x));
    const masks = await evaluate({ a, b }, { x: new Array(100).fill(1), [STEP_RANDOM]: [2800, 3200.4] });
    expect(masks.a).not.toEqual(masks.b);
  });

  it("has masks that differ within a place", async () => {
    const graph = new Graph();
    const x = graph.input("x", [2000]);
    const scope = new Scope(graph).at("layer");
    const [a, b] = [dropout(scope, x), dropout(scope, x)];
    const y = await evaluate({ a, b }, { x: new Array(2000).fill(1), [STEP_RANDOM]: [2600.1, 3900.2] });
    const both = y.a.filter((value, i) => value === 0 && y.b[i] === 0).length / 2000;
    expect(both).toBeGreaterThan(0.2);
    expect(both).toBeLessThan(0.3);
  });
});
