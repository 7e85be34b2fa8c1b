import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Picture } from "../../src/image/index.ts";
import { type StyleOptions, type StyleProgress, transferStyle } from "../../src/style/index.ts";
import { toPicture } from "../../src/style/planes/index.ts";
import { smallFile, wavePicture } from "./small-net.ts";

const content = toPicture(wavePicture(40, 30, 0.3));
const style = toPicture(wavePicture(50, 36, 1.7));

let folder: string;
let usual: StyleOptions;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "fovea-style-"));
  const backbone = join(folder, "small.onnx");
  await writeFile(backbone, smallFile());
  usual = { backbone, size: 64, iterations: 24, scales: 2, threads: 1 };
});
afterAll(() => rm(folder, { recursive: true }));

const solid = (width: number, height: number, level: number): Picture => {
  return { width, height, data: new Uint8Array(width * height * 3).fill(level) };
};

const leftHalf: Picture = {
  width: 40,
  height: 30,
  data: Uint8Array.from({ length: 3600 }, (_, i) => (Math.floor(i / 3) % 40 < 20 ? 255 : 0)),
};

function difference(a: Picture, b: Picture, where: (x: number) => boolean = () => true): number {
  let [sum, count] = [0, 0];
  for (let i = 0; i < a.data.length; i++) {
    if (!where(Math.floor(i / 3) % a.width)) continue;
    sum += Math.abs(a.data[i] - b.data[i]);
    count++;
  }
  return sum / count;
}

describe("transferStyle", () => {
  it.each(["lbfgs", "adam"] as const)("lowers the cost by %s, scale by scale", async (optimizer) => {
    const steps: StyleProgress[] = [];
    const { picture, history, interrupted, last } = await transferStyle(
      content,
      { picture: style },
      {
        ...usual,
        optimizer,
        onProgress: (step) => steps.push(step),
      },
    );
    expect(picture).toMatchObject({ width: 64, height: 48 });
    expect(interrupted).toBe(false);
    expect(steps).toEqual(history);
    expect(last).toMatchObject({
      iteration: 24,
      iterations: 24,
      scale: 2,
      scales: 2,
      width: 64,
      progress: 1,
    });
    const ofScale = (scale: number) => history.filter((step) => step.scale === scale).map(({ cost }) => cost);
    for (const costs of [ofScale(1), ofScale(2)]) expect(Math.min(...costs)).toBeLessThan(0.85 * costs[0]);
    for (const { cost, content, style, variation } of history)
      expect(content + style + variation).toBeCloseTo(cost, 4);
  });

  it("gives the same picture for the same seed, another for another, where it starts from noise", async () => {
    const paint = (seed: number) =>
      transferStyle(content, { picture: style }, { ...usual, init: "noise", seed, iterations: 6 });
    const [a, b, c] = [await paint(1), await paint(1), await paint(2)];
    expect(a.picture).toEqual(b.picture);
    expect(difference(a.picture, c.picture)).toBeGreaterThan(0.5);
  });

  it("stays nearer to the content's features the more they count", async () => {
    const distance = async (contentWeight: number) => {
      const options: StyleOptions = { ...usual, size: 40, scales: 1, contentWeight, tvWeight: 0 };
      const { last } = await transferStyle(content, { picture: style }, options);
      return last!.content / contentWeight;
    };
    expect(await distance(10)).toBeLessThan(0.5 * (await distance(0.01)));
  });

  it("keeps the content's colours", async () => {
    const { picture } = await transferStyle(
      content,
      { picture: style },
      { ...usual, size: 40, keepColors: true },
    );
    let worst = 0;
    for (let i = 0; i < picture.data.length; i += 3) {
      const values = [0, 1, 2].map((c) => picture.data[i + c]);
      if (values.some((v) => v === 0 || v === 255)) continue; // clipped
      worst = Math.max(worst, Math.abs(values[0] - values[1] - (content.data[i] - content.data[i + 1])));
    }
    expect(worst).toBeLessThanOrEqual(2);
  });

  it("blends styles by weight, and puts each where its mask says", async () => {
    const [dark, light] = [solid(40, 40, 40), solid(40, 40, 215)];
    const options: StyleOptions = {
      ...usual,
      size: 40,
      scales: 1,
      contentWeight: 0,
      tvWeight: 0,
      iterations: 40,
    };
    const mean = ({ data, width }: Picture, where: (x: number) => boolean) => {
      const chosen = Array.from(data).filter((_, i) => where(Math.floor(i / 3) % width));
      return chosen.reduce((a, b) => a + b, 0) / chosen.length;
    };
    const everywhere = () => true;
    const level = async (weight: number) => {
      const blended = await transferStyle(content, [{ picture: dark, weight }, { picture: light }], options);
      return mean(blended.picture, everywhere);
    };
    const [mostlyDark, even] = [await level(4), await level(1)];
    expect(mostlyDark).toBeLessThan(even - 20);
    const { picture } = await transferStyle(
      content,
      [{ picture: dark, mask: leftHalf }, { picture: light }],
      options,
    );
    expect(mean(picture, (x) => x < 16)).toBeLessThan(100);
    expect(mean(picture, (x) => x >= 24)).toBeGreaterThan(145);
  });

  it("leaves what no mask shows in its own colours", async () => {
    const options: StyleOptions = { ...usual, size: 40, scales: 1, iterations: 12 };
    const even = solid(40, 30, 110);
    const { picture } = await transferStyle(even, { picture: solid(40, 40, 230), mask: leftHalf }, options);
    expect(difference(picture, even, (x) => x >= 26)).toBeLessThan(8);
    expect(difference(picture, even, (x) => x < 14)).toBeGreaterThan(60);
  });

  it("takes the last step, too, where it lowers the cost", async () => {
    const options: StyleOptions = { ...usual, size: 40, matchColors: false };
    const once = await transferStyle(content, { picture: style }, { ...options, scales: 3, iterations: 1 });
    expect(once.history).toHaveLength(1);
    expect(once.last).toMatchObject({ scale: 1, scales: 1, width: 40, progress: 1 });
    expect(difference(once.picture, content)).toBeGreaterThan(1);
  });

  it("computes a large picture in windows and gets the same one", async () => {
    const options: StyleOptions = { ...usual, size: 96, scales: 1, iterations: 8 };
    // Of sizes that are multiples of the net's stride: others get a canvas a little larger.
    const even = { picture: toPicture(wavePicture(48, 36, 1.7)) };
    const whole = await transferStyle(content, even, { ...options, tile: 1024 });
    const tiled = await transferStyle(content, even, { ...options, tile: 64 });
    expect(tiled.last!.cost / whole.last!.cost).toBeCloseTo(1, 2);
    expect(difference(whole.picture, tiled.picture)).toBeLessThan(1);
  });

  it("saves the picture so far when it is asked to stop, in the asked size", async () => {
    const stop = new AbortController();
    const snapshots: number[] = [];
    const { picture, interrupted, history } = await transferStyle(
      content,
      { picture: style },
      {
        ...usual,
        signal: stop.signal,
        snapshotEvery: 2,
        onSnapshot: ({ width }, { iteration }) => {
          snapshots.push(width);
          if (iteration === 4) stop.abort();
        },
      },
    );
    expect(interrupted).toBe(true);
    expect(history).toHaveLength(4);
    expect(snapshots).toEqual([32, 32]);
    expect(picture).toMatchObject({ width: 64, height: 48 });
  });

  it("paints for a given time", async () => {
    const { history } = await transferStyle(
      content,
      { picture: style },
      { ...usual, iterations: undefined, timeMs: 400 },
    );
    expect(history.length).toBeGreaterThanOrEqual(2);
    expect(history.at(-1)!.scale).toBe(2);
  });

  it("paints long pictures, small ones, and in the manner of long ones", async () => {
    const strip = toPicture(wavePicture(160, 18, 0.3));
    const options = { backbone: "fovea-plain", iterations: 2, threads: 1 };
    const long = await transferStyle(strip, { picture: style }, { ...options, size: 160 });
    expect([long.picture.width, long.picture.height]).toEqual([160, 18]);
    const small = await transferStyle(content, { picture: strip }, { ...options, size: 40, scales: 5 });
    expect([small.picture.width, small.picture.height]).toEqual([40, 30]);
    expect(small.history.every(({ cost }) => Number.isFinite(cost))).toBe(true);
  });

  it("shows snapshots in the colours of the result", async () => {
    const seen: Picture[] = [];
    const { picture } = await transferStyle(
      content,
      { picture: style },
      {
        ...usual,
        scales: 1,
        keepColors: true,
        iterations: 12,
        snapshotEvery: 12,
        onSnapshot: (snapshot) => void seen.push(snapshot),
      },
    );
    expect(seen).toHaveLength(1);
    // The last step may have gone too far, so that the two may differ by it, but by no more.
    expect(difference(seen[0], picture)).toBeLessThan(6);
  });

  it("takes the textbook's recipe, too", async () => {
    const { history } = await transferStyle(content, { picture: style }, { ...usual, recipe: "gatys" });
    expect(history.at(-1)!.cost).toBeLessThan(history.find(({ scale }) => scale === 2)!.cost);
  });

  it("paints without any style layer where the content counts", async () => {
    const options: StyleOptions = {
      ...usual,
      styleLayers: [{ name: "a", weight: 0 }],
      paletteWeight: 0,
      iterations: 2,
    };
    const { last } = await transferStyle(content, { picture: style }, options);
    expect(last).toMatchObject({ style: 0 });
    expect(last!.content).toBeGreaterThan(0);
  });

  const bad: [string, () => Promise<unknown>, RegExp][] = [
    ["no style", () => transferStyle(content, [], usual), /`styles` is empty/],
    [
      "a style of one row",
      () => transferStyle(content, { picture: solid(300, 1, 9) }, usual),
      /300×1 pixels/,
    ],
    [
      "content of one column",
      () => transferStyle(solid(1, 300, 9), { picture: style }, usual),
      /Content has 1×300 pixels/,
    ],
    [
      "a weight of 0",
      () => transferStyle(content, { picture: style, weight: 0 }, usual),
      /weight of style 1 \(=0\)/,
    ],
    [
      "a layer that does not exist",
      () =>
        transferStyle(content, { picture: style }, { ...usual, styleLayers: [{ name: "aa", weight: 1 }] }),
      /no layer "aa"; did you mean "a"/,
    ],
    [
      "an unknown recipe",
      () => transferStyle(content, { picture: style }, { ...usual, recipe: "monet" }),
      /"monet" is not known; choose one of fovea, gatys/,
    ],
    [
      "a recipe by the name of what every object has",
      () => transferStyle(content, { picture: style }, { ...usual, recipe: "constructor" }),
      /"constructor" is not known; choose one of fovea, gatys/,
    ],
    [
      "a size that is none",
      () => transferStyle(content, { picture: style }, { ...usual, size: 0 }),
      /`size` \(=0\)/,
    ],
    ["a file that is missing", () => transferStyle("nowhere.jpg", { picture: style }, usual), /nowhere\.jpg/],
    [
      "weights that leave nothing to do",
      () =>
        transferStyle(
          content,
          { picture: style },
          { ...usual, contentWeight: 0, styleWeight: 0, tvWeight: 0 },
        ),
      /any picture is as good as another/,
    ],
    [
      "content layers of weight 0 where nothing else counts",
      () =>
        transferStyle(
          content,
          { picture: style },
          { ...usual, contentLayers: [{ name: "a", weight: 0 }], styleWeight: 0, tvWeight: 0 },
        ),
      /any picture is as good as another, .* give one of them a weight above 0/,
    ],
    [
      "style layers of weight 0 where nothing else counts",
      () =>
        transferStyle(
          content,
          { picture: style },
          {
            ...usual,
            styleLayers: [{ name: "a", weight: 0 }],
            paletteWeight: 0,
            contentWeight: 0,
            tvWeight: 0,
          },
        ),
      /any picture is as good as another/,
    ],
    ...[-1, Number.NaN, Number.POSITIVE_INFINITY].map((weight): (typeof bad)[number] => [
      `a layer's weight of ${weight}`,
      () => transferStyle(content, { picture: style }, { ...usual, styleLayers: [{ name: "a", weight }] }),
      new RegExp(`\`weight of a\` \\(=${weight}\\) must be a number from 0`),
    ]),
    [
      "a cost's weight below 0",
      () => transferStyle(content, { picture: style }, { ...usual, tvWeight: -1 }),
      /`tvWeight` \(=-1\) must be a number from 0/,
    ],
    ...(["size", "iterations", "scales", "tile", "snapshotEvery"] as const).map(
      (name): (typeof bad)[number] => [
        `${name} that is no whole number`,
        () => transferStyle(content, { picture: style }, { ...usual, tile: 64, [name]: 64.5 }),
        new RegExp(`\`${name}\` \\(=64.5\\) must be a whole number from`),
      ],
    ),
  ];
  it.each(bad)("refuses %s in one sentence", async (_, run, message) => {
    await expect(run()).rejects.toThrow(message);
  });
});
