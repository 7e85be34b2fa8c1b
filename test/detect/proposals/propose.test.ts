import { existsSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { loadDetectionDataset } from "../../../src/data/index.ts";
import {
  coverObjects,
  diversities,
  drawBlobs,
  evaluateProposals,
  ProposalWorkers,
  proposeRegions,
  searchRegions,
} from "../../../src/detect/index.ts";
import { decodePicture } from "../../../src/image/index.ts";
import { busyPicture, greyOf, pictureOf } from "./pictures.ts";

describe("proposeRegions", () => {
  const picture = busyPicture(96, 72, 8);

  it("gives the same boxes for the same seed, and another order for others", async () => {
    const first = await proposeRegions(picture, { seed: 4 });
    expect((await proposeRegions(picture, { seed: 4 })).boxes).toEqual(first.boxes);
    expect((await proposeRegions(picture, { seed: 5 })).boxes).not.toEqual(first.boxes);
  });

  it("tries 1, 8 and 80 groupings, and finds more by it", async () => {
    const counts = [];
    for (const mode of ["single", "fast", "quality"] as const) {
      counts.push((await proposeRegions(picture, { mode, most: 1e6, leastSide: 0 })).boxes.length);
    }
    expect(counts[0]).toBeLessThan(counts[1]);
    expect(counts[1]).toBeLessThan(counts[2]);
    const trees = (["single", "fast", "quality"] as const).map(
      (mode) => searchRegions(picture, diversities[mode]).trees.length,
    );
    expect(trees).toEqual([1, 8, 80]);
  });

  it("finds plain rectangles to the pixel", async () => {
    const { width, height, data } = greyOf(
      Array.from({ length: 60 }, () => Array.from({ length: 80 }, () => 200)),
    );
    const objects = [[10, 8, 30, 40], [42, 20, 70, 50]] as const; // biome-ignore format: as it looks
    for (const [x1, y1, x2, y2] of objects) {
      for (let y = y1; y < y2; y++)
        for (let x = x1; x < x2; x++) data.set([40, 90, 160], 3 * (y * width + x));
    }
    const { boxes } = await proposeRegions({ width, height, data });
    const covered = coverObjects(boxes, objects.map((box) => ({ classIndex: 0, box }))); // biome-ignore format: one thing
    for (const { overlap } of covered) expect(overlap).toBeGreaterThan(0.9);
  });

  it("gives boxes in the picture's pixels where it searches a smaller one", async () => {
    const { boxes, blobs } = await proposeRegions(picture, { longerSide: 48 });
    expect([blobs.width, blobs.height]).toEqual([48, 36]);
    const corners = Array.from({ length: boxes.length / 4 }, (_, i) =>
      [...boxes.subarray(4 * i, 4 * i + 4)].join(),
    );
    expect(corners).toContain("0,0,96,72");
  });

  it("takes pictures of one pixel, of one row, flat and grey ones", async () => {
    const all = { most: 1e6, leastSide: 0 };
    expect([...(await proposeRegions(pictureOf([[[9, 9, 9]]]), all)).boxes]).toEqual([0, 0, 1, 1]);
    const flat = greyOf(Array.from({ length: 20 }, () => Array.from({ length: 30 }, () => 128)));
    expect([...(await proposeRegions(flat, { ...all, mode: "quality" })).boxes]).toEqual([0, 0, 30, 20]);
    expect((await proposeRegions(pictureOf([[[9, 9, 9]]]))).boxes.length).toBe(0); // below the least side
    const row = greyOf([Array.from({ length: 300 }, (_, x) => (x < 150 ? 0 : 255))]);
    expect((await proposeRegions(row, all)).boxes.length).toBeGreaterThan(4);
    const grey = busyPicture(50, 40, 2);
    for (let i = 0; i < grey.data.length; i += 3) grey.data.fill(grey.data[i], i, i + 3);
    const found = (await proposeRegions(grey, { ...all, mode: "quality" })).boxes;
    expect(found.length).toBeGreaterThan(4 * 20);
    expect(found.every(Number.isFinite)).toBe(true);
  });

  it.each([
    [{ mode: "best" as "fast" }, "`mode` (=best)"],
    [{ most: 0 }, "`most` (=0)"],
    [{ seed: 0.5 }, "`seed` (=0.5)"],
    [{ leastSide: -1 }, "`leastSide` (=-1)"],
    [{ longerSide: 3 }, "`longerSide` (=3)"],
  ])("refuses %o", async (options, message) => {
    const failure = { code: "argument-range", message: expect.stringContaining(message) };
    await expect(proposeRegions(picture, options)).rejects.toMatchObject(failure);
  });
});

describe("ProposalWorkers", () => {
  it("finds in threads what is found without, in any order, and says what is wrong", async () => {
    const workers = new ProposalWorkers(2);
    const pictures = [1, 2, 3, 4].map((seed) => busyPicture(60, 40, seed));
    const found = await Promise.all(pictures.map((picture) => workers.propose(picture, { seed: 7 })));
    for (const [i, picture] of pictures.entries()) {
      expect(found[i]).toEqual(await proposeRegions(picture, { seed: 7 }));
    }
    const failure = { code: "argument-range", message: expect.stringContaining("`most`") };
    await expect(workers.propose(pictures[0], { most: 0 })).rejects.toMatchObject(failure);
    expect((await workers.propose(pictures[0], { seed: 7 })).boxes).toEqual(found[0].boxes);
    const late = expect(workers.propose(pictures[0])).rejects.toMatchObject({
      code: "proposal-workers-closed",
    });
    await workers.close();
    await late;
    await expect(workers.propose(pictures[0])).rejects.toMatchObject({ code: "proposal-workers-closed" });
    expect(() => new ProposalWorkers(0)).toThrow("`count` (=0)");
  });
});

describe("coverObjects and evaluateProposals", () => {
  it("are the paper's best overlaps and their means", () => {
    const proposals = [0, 0, 10, 10, 0, 0, 10, 5, 20, 20, 30, 30];
    const covered = coverObjects(proposals, [
      { classIndex: 0, box: [0, 0, 10, 6] },
      { classIndex: 0, box: [20, 20, 30, 26] },
      { classIndex: 2, box: [50, 50, 60, 60] },
    ]);
    expect(covered.map(({ overlap }) => overlap)).toEqual([50 / 60, 0.6, 0]);
    expect(covered.map(({ proposal }) => proposal)).toEqual([1, 2, -1]);
    const { perClass, ...all } = evaluateProposals(covered, ["a", "b", "c"]);
    expect(perClass.map(({ name }) => name)).toEqual(["a", "c"]);
    expect(perClass[0]).toMatchObject({ objects: 2, recall50: 1, recall70: 0.5, classIndex: 0 });
    expect(perClass[0].abo).toBeCloseTo((50 / 60 + 0.6) / 2, 12);
    expect(all.mabo).toBeCloseTo(perClass[0].abo / 2, 12);
    expect(all.recall50).toBeCloseTo(2 / 3, 12);
    expect(coverObjects([], [{ classIndex: 0, box: [0, 0, 1, 1] }])[0]).toMatchObject({
      overlap: 0,
      proposal: -1,
    });
    expect(evaluateProposals([], ["a"])).toMatchObject({ objects: 0, recall50: Number.NaN, perClass: [] });
  });
});

describe("drawBlobs", () => {
  it("gives each blob its mean colour, and darker borders", () => {
    const picture = greyOf([[10, 20, 90, 110], [10, 20, 90, 110]]); // biome-ignore format: as it looks
    const blobs = {
      width: 2,
      height: 1,
      count: 2,
      labels: Int32Array.of(0, 1),
      neighbours: Int32Array.of(0, 1),
    };
    const { data } = drawBlobs(picture, blobs);
    expect(Array.from({ length: 8 }, (_, i) => data[3 * i])).toEqual([15, 15, 45, 100, 15, 15, 45, 100]);
  });
});

const voc = new URL("../../../../shared/data/voc100", import.meta.url).pathname;

describe.skipIf(!existsSync(voc))("on three VOC pictures (skipped without ../shared/data/voc100)", () => {
  it("covers at least nine of ten objects", async () => {
    const { splits, classes } = await loadDetectionDataset(voc);
    const samples = [...splits.train, ...splits.val].sort((a, b) => (a.id < b.id ? -1 : 1)).slice(0, 3);
    const covered = [];
    for (const { path, boxes } of samples) {
      const found = await proposeRegions(await decodePicture(path), { longerSide: 300 });
      expect(found.boxes.length).toBeLessThanOrEqual(4 * 2_000);
      covered.push(
        ...coverObjects(
          found.boxes,
          boxes.filter(({ difficult }) => !difficult),
        ),
      );
    }
    expect(evaluateProposals(covered, classes).recall50).toBeGreaterThanOrEqual(0.9);
  });
});
