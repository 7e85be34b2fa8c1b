import { readFileSync } from "node:fs";
import { describe, expect, it, vi } from "vitest";
import { Graph, type Value } from "../../src/graph/index.ts";
import { compile, Program } from "../../src/runtime/index.ts";
import { contentCost, gramMatrix, styleCost, totalVariation } from "../../src/style/index.ts";
import type { CostPlan, Objective } from "../../src/style/optimize/index.ts";
import {
  measureContent,
  measureStyle,
  type Region,
  styleLayers,
  type Targets,
  tiledPicture,
  wholePicture,
} from "../../src/style/optimize/index.ts";
import type { Planes } from "../../src/style/planes/index.ts";
import { planPicture } from "../../src/style/tiles/index.ts";
import { smallPlan, wave, wavePicture } from "./small-net.ts";

interface Golden {
  cost: number;
  content: number;
  style: number;
  variation?: number;
  gradient: number[];
}
const golden: {
  gram: number[];
  contentCost: number;
  styleCost: number;
  totalVariation: number;
  gatys: Golden;
  relative: Golden;
} = JSON.parse(readFileSync(new URL("golden/costs.json", import.meta.url), "utf8"));

async function run(build: (f: Value, g: Value) => Value): Promise<number[]> {
  const graph = new Graph();
  const [f, g] = [wave([1, 3, 4, 5], 0.5), wave([1, 3, 4, 5], 1.5)];
  const result = build(graph.input("f", f.shape), graph.input("g", g.shape));
  const program = await compile({ outputs: { result }, threads: 1 });
  const { data } = (await program.run({ f, g })).result;
  await program.release();
  return Array.from(data as Float32Array);
}

describe("the textbook's definitions", () => {
  it("Gram matrix: sums of products over positions", async () => {
    const gram = await run((f) => gramMatrix(f));
    expect(gram).toHaveLength(9);
    for (const [i, value] of gram.entries()) expect(value).toBeCloseTo(golden.gram[i], 4);
  });
  it("content cost", async () => {
    expect((await run(contentCost))[0]).toBeCloseTo(golden.contentCost, 4);
  });
  it("style cost", async () => {
    const [cost] = await run((f, g) => styleCost(gramMatrix(f), gramMatrix(g), 4 * 5));
    expect(cost).toBeCloseTo(golden.styleCost, 6);
  });
  it("total variation", async () => {
    expect((await run((f) => totalVariation(f)))[0]).toBeCloseTo(golden.totalVariation, 3);
  });
});

const content = wavePicture(10, 8, 0.3);
const style = wavePicture(12, 6, 1.7);
const at = wavePicture(10, 8, 2.9);

/** J of the content's size, with the style's statistics everywhere. */
async function targetsOf(plan: CostPlan, content: Planes, style: Planes): Promise<Targets> {
  const extent = plan.net.extent(["a", "b"]);
  const regions: Region[] = [
    { share: 1, targets: await measureStyle(plan, style, planPicture(style, extent)) },
  ];
  return {
    size: { width: content.width, height: content.height },
    regions,
    content: await measureContent(plan, content, planPicture(content, extent)),
  };
}

async function compare(plan: CostPlan, expected: Golden): Promise<void> {
  const objective = await wholePicture(plan, await targetsOf(plan, content, style));
  const { gradient, ...parts } = await objective.evaluate(at.data);
  for (const part of ["cost", "content", "style", "variation"] as const)
    if (expected[part] === undefined) expect(parts[part], part).toBe(0);
    else expect(parts[part] / expected[part], part).toBeCloseTo(1, 4);
  expectClose(gradient, expected.gradient);
  await objective.release();
}

/** Each element to a thousandth of the largest. */
function expectClose(found: ArrayLike<number>, expected: ArrayLike<number>): void {
  expect(found.length).toBe(expected.length);
  const largest = Math.max(...Array.from(expected, Math.abs));
  for (let i = 0; i < found.length; i++)
    expect(Math.abs(found[i] - expected[i])).toBeLessThan(1e-4 * largest);
}

const gatys = {
  comparison: "textbook",
  contentWeight: 2,
  styleWeight: 300,
  tvWeight: 0,
  paletteWeight: 0,
} as const;
const relative = { contentWeight: 0.1, styleWeight: 1, tvWeight: 0.5, paletteWeight: 1 } as const;

describe("J and its gradient by pixels are PyTorch's", () => {
  it("textbook's cost", () => compare(smallPlan(gatys, { a: 1, b: 3 }), golden.gatys));
  it("relative cost, with pixels and variation", () =>
    compare(smallPlan(relative, { a: 1, b: 3 }), golden.relative));
});

describe("shares of layers", () => {
  const shares = (weights: [string, number][]) => {
    const plan = smallPlan({ paletteWeight: 0 }, {});
    const style = weights.map(([name, weight]) => ({ name, weight }));
    return [...styleLayers({ ...plan, layers: { ...plan.layers, style } })];
  };
  it("add up to 1", () => {
    expect(shares([["a", 1], ["b", 3]])).toEqual([["a", 0.25], ["b", 0.75]]); // biome-ignore format: pairs
    expect(shares([["a", 0], ["b", 3]])).toEqual([["b", 1]]); // biome-ignore format: pairs
  });
  it("of one that is named twice, too", () => {
    expect(shares([["a", 1], ["a", 1]])).toEqual([["a", 1]]); // biome-ignore format: pairs
    expect(shares([["a", 1], ["b", 2], ["a", 1]])).toEqual([["a", 0.5], ["b", 0.5]]); // biome-ignore format: pairs
  });
});

describe("windows", () => {
  const large = wavePicture(44, 52, 0.4);
  const point = wavePicture(44, 52, 2.2);

  async function both(plan: CostPlan, change: (targets: Targets) => Targets = (targets) => targets) {
    const targets = change(await targetsOf(plan, large, style));
    const extent = plan.net.extent(["a", "b"]);
    const windows = planPicture(targets.size, extent, 20);
    expect(windows.windows.length).toBeGreaterThan(8);
    const results = [];
    for (const make of [wholePicture(plan, targets), tiledPicture(plan, targets, () => windows)]) {
      const objective: Objective = await make;
      const { gradient, ...parts } = await objective.evaluate(point.data);
      results.push({ gradient: gradient.slice(), parts });
      await objective.release();
    }
    return results;
  }

  for (const [name, recipe] of [["textbook", gatys] as const, ["relative", relative] as const]) {
    it(`give the whole picture's cost and gradient: ${name}`, async () => {
      const [whole, tiled] = await both(smallPlan(recipe, { a: 1, b: 3 }));
      expect(tiled.parts.cost / whole.parts.cost).toBeCloseTo(1, 4);
      expectClose(tiled.gradient, whole.gradient);
    });
  }

  it.each([2, 3])("leave no session open where program %i of 3 cannot be compiled", async (failing) => {
    const plan = smallPlan(relative, { a: 1, b: 3 });
    const targets = await targetsOf(plan, large, style);
    const windows = planPicture(targets.size, plan.net.extent(["a", "b"]), 20);
    let compiled = 0;
    const device = {
      get threads() {
        return ++compiled === failing ? -1 : 1; // each program is told anew
      },
    };
    const release = vi.spyOn(Program.prototype, "release");
    await expect(tiledPicture({ ...plan, device }, targets, () => windows)).rejects.toThrow("threads");
    expect(release).toHaveBeenCalledTimes(failing - 1);
    release.mockRestore();
  });

  it("with masks, too", async () => {
    const mask = Float32Array.from({ length: 44 * 52 }, (_, i) => (i % 44 < 20 ? 1 : 0));
    const [whole, tiled] = await both(smallPlan(relative, { a: 1, b: 3 }), (targets) => {
      const [{ targets: wanted }] = targets.regions;
      return {
        ...targets,
        regions: [
          { share: 0.5, targets: wanted, mask },
          { share: 0.5, targets: wanted },
        ],
      };
    });
    expect(tiled.parts.style / whole.parts.style).toBeCloseTo(1, 4);
    expectClose(tiled.gradient, whole.gradient);
  });
});
