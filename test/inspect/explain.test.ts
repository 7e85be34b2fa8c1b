import { readFileSync } from "node:fs";
import { copyFile, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { savePicture } from "../../src/image/index.ts";
import { baselineValues } from "../../src/inspect/explain/baseline.ts";
import {
  activationsOf,
  explain,
  findLayers,
  findTarget,
  gradCam,
  InspectedNet,
  integratedGradients,
  occlusionMap,
} from "../../src/inspect/index.ts";
import { colourSpaceOf, synthesize } from "../../src/inspect/synthesis/index.ts";
import { Program } from "../../src/runtime/index.ts";
import { expectClose } from "../graph/closeness.ts";

/** What PyTorch computed of one net, in double precision: tools/golden/explain.py. */
interface Golden {
  x: number[];
  class: number;
  logit: number;
  baselineLogit: number;
  gradCam: number[];
  steps: number;
  attributions: number[];
}

const path = fileURLToPath(new URL("../golden/explain.onnx", import.meta.url));
const golden: Golden = JSON.parse(readFileSync(new URL("../golden/explain.json", import.meta.url), "utf8"));
const values = Float32Array.from(golden.x);
const content = [0, 0, 24, 20] as const; // all of it
const close = { relative: 1e-3, ofLargest: 1e-4 };

let net: InspectedNet;
beforeAll(async () => {
  net = await InspectedNet.open(path, { pixels: "0-1", threads: 1 });
});
afterAll(() => net.close());

const target = () => findTarget(net, { values, content }, { class: `${golden.class}` });

describe("explanations, beside PyTorch's", () => {
  it("takes a class's logit, before the softmax", async () => {
    const { value, channel, name, kind } = await target();
    expect(value).toBeCloseTo(golden.logit, 4);
    expect({ channel, name, kind }).toEqual({ channel: 0, name: 'class "0"', kind: "logit" });
  });

  it("Grad-CAM", async () => {
    const layer = findLayers(net).at(-1)!; // behind the sum with the shortcut
    const { map, height, width } = await gradCam(net, layer, await target(), values);
    expect([height, width]).toEqual([5, 6]);
    expectClose([...map], golden.gradCam, close, "Grad-CAM");
  });

  it("integrated gradients: the same midpoints, and complete to 1 % with 64 steps", async () => {
    const { steps } = golden;
    const result = (await integratedGradients(net, await target(), values, new Float32Array(values.length), {
      steps,
      mostSteps: steps,
      spacing: "even",
    }))!;
    expectClose([...result.attributions], golden.attributions, close, "attributions");
    expect(result.baselineValue).toBeCloseTo(golden.baselineLogit, 4);
    expect(result.steps).toBe(64);
    expect(result.completenessError).toBeLessThan(0.01);
  });

  it("is complete with fewer steps where these are short where the net changes", async () => {
    const zeros = new Float32Array(values.length);
    const options = { steps: 8, mostSteps: 8 };
    const even = (await integratedGradients(net, await target(), values, zeros, {
      ...options,
      spacing: "even",
    }))!;
    const adaptive = (await integratedGradients(net, await target(), values, zeros, options))!;
    expect(adaptive.steps).toBe(8);
    expect(adaptive.completenessError).toBeLessThan(even.completenessError);
    expect(adaptive.completenessError).toBeLessThan(0.01);
  });

  it("takes as many steps as the asked completeness needs", async () => {
    const options = { steps: 2, tolerance: 5e-4, mostSteps: 4096 };
    const result = (await integratedGradients(
      net,
      await target(),
      values,
      new Float32Array(values.length),
      options,
    ))!;
    expect(result.steps).toBeGreaterThan(2);
    expect(result.completenessError).toBeLessThanOrEqual(5e-4);
    const gain = result.attributions.reduce((sum, each) => sum + each, 0);
    expect(gain).toBeCloseTo(golden.logit - golden.baselineLogit, 3);
  });
});

describe("integrated gradients that are asked to stop", () => {
  /** Begins with 16 steps, which are one batch, and stops at the first step of a round of so many. */
  const stoppedIn = async (round: number, steps = 16) => {
    const stop = new AbortController();
    let after = 0;
    const result = await integratedGradients(net, await target(), values, new Float32Array(values.length), {
      steps,
      tolerance: 0,
      signal: stop.signal,
      onProgress(_, total) {
        if (stop.signal.aborted) after++;
        if (total === round) stop.abort();
      },
    });
    return { result, after };
  };

  it("keep what the last whole round gave", async () => {
    const { result, after } = await stoppedIn(64);
    expect(result).toMatchObject({ steps: 32 });
    expect(after).toBeLessThan(16); // the rest of the batch under way
  });

  it("are left out where there was none", async () => {
    expect((await stoppedIn(32, 32)).result).toBeUndefined();
  });
});

describe("a picture without information", () => {
  it("is black or grey in the net's numbers, and leaves the margin as it is", () => {
    const pixels = { scale: 255, mean: [100, 90, 80], deviation: [1, 2, 4], bgr: false } as const;
    const layout = { channels: 3, width: 4, height: 3, channelsLast: false };
    const view = { values: Float32Array.from({ length: 36 }, (_, i) => i), content: [1, 0, 3, 2] as const };
    const inside = (i: number) => [1, 2, 5, 6].includes(i % 12);
    const black = baselineValues({ pixels, layout }, view, "black");
    expect([...black]).toEqual(
      [...view.values].map((value, i) => (inside(i) ? [-100, -45, -20][Math.floor(i / 12)] : value)),
    );
    const last = baselineValues({ pixels, layout: { ...layout, channelsLast: true } }, view, "grey");
    expect([...last.slice(0, 9)]).toEqual([0, 1, 2, 27.5, 18.75, 11.875, 27.5, 18.75, 11.875]);
    expect([...last.slice(9, 12)]).toEqual([9, 10, 11]);
  });
});

describe("explain", () => {
  it("writes over neither the picture nor the model", async () => {
    const folder = await mkdtemp(join(tmpdir(), "fovea-explain-"));
    const picture = join(folder, "occlusion.png");
    await savePicture({ width: 24, height: 20, data: new Uint8Array(1440).fill(90) }, picture);
    const before = await readFile(picture);
    const refused = { code: "output-is-input", message: expect.stringContaining("occlusion.png would be") };
    await expect(explain({ model: path, picture, out: folder })).rejects.toMatchObject(refused);
    expect(await readdir(folder)).toEqual(["occlusion.png"]);
    expect(await readFile(picture)).toEqual(before);
    await copyFile(path, join(folder, "explain.json"));
    const model = { model: join(folder, "explain.json"), picture: join(folder, "other.png"), out: folder };
    await expect(explain({ ...model, methods: [] })).rejects.toMatchObject({ code: "output-is-input" });
    await rm(folder, { recursive: true });
  });
});

describe("occlusionMap", () => {
  it("says of each square what the net loses without it", async () => {
    const asked = await target();
    const { map, side, stride } = (await occlusionMap(net, asked, values, content, { side: 20, stride: 4 }))!;
    expect({ side, stride }).toEqual({ side: 20, stride: 4 });
    // Squares as high as the picture: at 0 and at 4. By hand: the channels' means there, the net's own answer.
    const loss = async (x0: number) => {
      const covered = Float32Array.from(values);
      for (let c = 0; c < 3; c++) {
        const plane = golden.x.slice(c * 480, (c + 1) * 480);
        const mean = plane.reduce((a, b) => a + b, 0) / 480;
        for (let y = 0; y < 20; y++) for (let x = x0; x < x0 + 20; x++) covered[c * 480 + y * 24 + x] = mean;
      }
      return asked.value - (await findTarget(net, { values: covered, content }, { class: "0" })).value;
    };
    const stopped = AbortSignal.abort();
    expect(await occlusionMap(net, asked, values, content, { signal: stopped })).toBeUndefined();
    const [left, right] = [await loss(0), await loss(4)];
    expect(map[0]).toBeCloseTo(left, 4); // only the first covers it
    expect(map[12]).toBeCloseTo((left + right) / 2, 4); // both do
    expect(map[23]).toBeCloseTo(right, 4);
  });
});

describe("numbers that say nothing", () => {
  const run = (options: object) => explain({ model: path, picture: "none.png", out: "nowhere", ...options });
  it.each([
    ["a square of no size", () => run({ side: Number.NaN }), "explain: `side` (=NaN)"],
    ["no steps", () => run({ steps: 0 }), "explain: `steps` (=0)"],
    [
      "a square of half a pixel",
      async () => occlusionMap(net, await target(), values, content, { side: 0.5 }),
      "occlusionMap: `side` (=0.5)",
    ],
    [
      "squares no pixel apart",
      async () => occlusionMap(net, await target(), values, content, { stride: 0 }),
      "occlusionMap: `stride` (=0)",
    ],
    [
      "steps that are no number",
      async () => integratedGradients(net, await target(), values, values, { steps: Number.NaN }),
      "integratedGradients: `steps` (=NaN)",
    ],
  ])("such as %s are refused", async (_, computed, says) => {
    await expect(computed()).rejects.toMatchObject({
      code: "argument-range",
      message: expect.stringContaining(`${says} must be a whole number of at least 1`),
    });
  });
});

describe("a second program that cannot be loaded", () => {
  it.each([
    [
      "integrated gradients",
      async () => {
        const asked = await target();
        return () => integratedGradients(net, asked, values, values);
      },
    ],
    [
      "synthesize",
      async () => {
        const sums = { count: 2, channels: [1, 1, 1], products: new Array<number>(9).fill(0.6) };
        const wishes = [{ unit: 0, reference: 1 }];
        return () => synthesize(net, findLayers(net)[0], wishes, { colours: colourSpaceOf(sums), steps: 1 });
      },
    ],
  ])("leaves the first of %s not open", async (_, prepare) => {
    const compute = await prepare();
    const load = Program.load.bind(Program);
    vi.spyOn(Program, "load").mockImplementationOnce(load).mockRejectedValueOnce(new Error("no memory"));
    const release = vi.spyOn(Program.prototype, "release");
    await expect(compute()).rejects.toThrowError("no memory");
    expect(release).toHaveBeenCalledTimes(1);
    vi.restoreAllMocks();
  });
});

describe("a unit as target", () => {
  it("is explained where it answers most", async () => {
    const layer = findLayers(net)[1];
    const map = await activationsOf(net, layer, values);
    const own = map.subarray(5 * 30, 6 * 30);
    const { value, place } = await findTarget(net, { values, content }, { unit: `${layer.name}/5` });
    expect(value).toBeCloseTo(Math.max(...own), 5);
    expect(place).toBe(own.indexOf(Math.max(...own)));
  });

  it("is not looked for in a margin", async () => {
    const layer = findLayers(net)[1];
    const map = await activationsOf(net, layer, values);
    const half = [0, 0, 12, 20] as const;
    const { place } = await findTarget(net, { values, content: half }, { unit: `${layer.name}/5` });
    const own = [...map.subarray(5 * 30, 6 * 30)].map((value, i) =>
      i % 6 < 3 ? value : Number.NEGATIVE_INFINITY,
    );
    expect(place).toBe(own.indexOf(Math.max(...own)));
  });

  it.each([
    { asked: { unit: "tow/3" }, code: "layer-unknown", says: 'did you mean "two"' },
    { asked: { unit: "two/12" }, code: "unit-range", says: "numbered from 0 to 11" },
    { asked: { unit: "two" }, code: "layer-unknown", says: "did you mean" },
    { asked: { class: "5" }, code: "class-unknown", says: "a number from 0 to 4" },
    { asked: { class: "cat" }, code: "class-unknown", says: "have no names" },
  ])("refuses $asked with the nearest that exists", async ({ asked, code, says }) => {
    await expect(findTarget(net, { values, content }, asked)).rejects.toMatchObject({
      code,
      message: expect.stringContaining(says),
    });
  });
});
