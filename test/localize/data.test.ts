import { cp, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  type DetectionDataset,
  type DetectionSample,
  loadDetectionDataset,
  writeScenes,
} from "../../src/data/index.ts";
import { boxArea } from "../../src/geometry/index.ts";
import { decodePicture, savePicture } from "../../src/image/index.ts";
import { largestBox, prepareData, withMeasuredBackground } from "../../src/localize/index.ts";

let folder: string;
let scenes: DetectionDataset;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "fovea-localize-"));
  const size = { width: 160, height: 128 };
  await writeScenes(join(folder, "scenes"), { count: 12, seed: 3, ...size, maxObjects: 5, emptyShare: 0.1 });
  scenes = await loadDetectionDataset(join(folder, "scenes"));
  for (let i = 0; i < 10; i++) {
    const data = new Uint8Array(3 * 40 * 30).fill(20 * i);
    await savePicture({ width: 40, height: 30, data }, join(folder, `empty/below/${i}.png`));
  }
  await writeFile(join(folder, "empty/broken.jpg"), "no picture");
});
afterAll(() => rm(folder, { recursive: true }));

const all = ({ splits }: DetectionDataset) => [...splits.train, ...splits.val, ...splits.test];

describe("prepareData", () => {
  it("says how many pictures have several objects, and lets the largest count", async () => {
    const remarks: string[] = [];
    const several = all(scenes).filter(({ boxes }) => boxes.length > 1).length;
    expect(several).toBeGreaterThan(2);
    const options = { cropFolder: folder, onRemark: (sentence: string) => remarks.push(sentence) };
    const dataset = await prepareData(scenes, options);
    expect(remarks).toHaveLength(1);
    expect(remarks[0]).toMatch(new RegExp(`^${several} of 12 pictures have several objects: the largest`));
    expect(all(dataset)).toEqual(all(scenes));
  });

  it("refuses them if strict, naming one", async () => {
    await expect(prepareData(scenes, { cropFolder: folder, strict: true })).rejects.toMatchObject({
      code: "objects-several",
      message: expect.stringMatching(
        /^Picture `.+scene-\d+\.jpg` has \d objects where one is expected.*--crops/,
      ),
    });
  });

  it("does not take crowds for objects", async () => {
    const [first] = scenes.splits.train.filter(({ boxes }) => boxes.length > 1);
    const crowded = { ...first, boxes: first.boxes.map((box, i) => ({ ...box, crowd: i > 0 })) };
    const dataset = { ...scenes, splits: { train: [crowded], val: [], test: [] } };
    const { splits } = await prepareData(dataset, { cropFolder: folder, strict: true });
    expect(splits.train[0].boxes).toEqual([crowded.boxes[0]]);
  });

  it("adds background to both splits, and says which pictures cannot be read", async () => {
    const remarks: string[] = [];
    const onRemark = (sentence: string) => remarks.push(sentence);
    const background = [join(folder, "empty")];
    const dataset = await prepareData(scenes, { cropFolder: folder, background, onRemark });
    expect(remarks).toContain("Background pictures that cannot be read and are left out: 1.");
    const added = (split: "train" | "val") => dataset.splits[split].length - scenes.splits[split].length;
    expect([added("train"), added("val")]).toEqual([8, 2]);
    expect(dataset.splits.val.at(-1)).toMatchObject({ width: 40, height: 30, boxes: [] });
    expect(dataset.problems.at(-1)).toMatchObject({ kind: "picture-unreadable" });
    expect(dataset.fingerprint).not.toBe(scenes.fingerprint);
  });

  it("knows background by its place in the folder, however that is called and wherever it lies", async () => {
    const [first, moved] = [join(folder, "empty"), join(folder, "moved", "hollow")];
    await cp(first, moved, { recursive: true });
    const make = (...background: string[]) =>
      prepareData(scenes, { cropFolder: folder, background, seed: 5 });
    const { fingerprint } = await make(first);
    for (const same of [relative(process.cwd(), first), `${first}/below/..`, moved]) {
      expect((await make(same)).fingerprint).toBe(fingerprint);
    }
    const twice = all(await make(first, moved, first)).filter(({ boxes }) => boxes.length === 0);
    const ids = twice.map(({ id }) => id).filter((id) => id.startsWith("background/"));
    expect([ids.length, new Set(ids).size]).toEqual([20, 20]);
    expect(ids).toContain("background/2/below/7.png");
  });

  it("refuses a background folder that is not there", async () => {
    const background = [join(folder, "nowhere")];
    await expect(prepareData(scenes, { cropFolder: folder, background })).rejects.toMatchObject({
      code: "folder-missing",
    });
  });
});

describe("withMeasuredBackground", () => {
  const measured = (split: "train" | "val" | "test" | "all", trainedOn?: string) =>
    withMeasuredBackground(scenes, [join(folder, "empty")], { split, seed: 5, trainedOn });
  const empty = (samples: readonly DetectionSample[]) =>
    samples.filter(({ id }) => id.startsWith("background/")).map(({ id }) => id);

  it("measures on all pictures of a folder, in whatever split", async () => {
    for (const split of ["train", "val", "test"] as const) {
      const { dataset, asTrained } = await measured(split, scenes.fingerprint);
      expect(empty(all(dataset))).toHaveLength(10);
      expect(empty(dataset.splits[split])).toHaveLength(10);
      expect(dataset.problems.at(-1)).toMatchObject({ kind: "picture-unreadable" });
      expect(asTrained.fingerprint).not.toBe(scenes.fingerprint);
    }
    expect(empty(all((await measured("all")).dataset))).toHaveLength(10);
  });

  it("measures on those that a model was not trained with, where it was with others of the folder", async () => {
    const background = [join(folder, "empty")];
    const { fingerprint, splits } = await prepareData(scenes, { cropFolder: folder, background, seed: 5 });
    const held = empty(splits.val);
    expect(held).toHaveLength(2);
    for (const split of ["val", "test"] as const) {
      const { dataset } = await measured(split, fingerprint);
      expect(empty(dataset.splits[split])).toEqual(held);
    }
    expect(empty((await measured("train", fingerprint)).dataset.splits.train)).toEqual(empty(splits.train));
    expect(empty(all((await measured("all", fingerprint)).dataset))).toHaveLength(10);
  });

  it("knows them again by another spelling of the folder", async () => {
    const background = [join(folder, "empty")];
    const { fingerprint, splits } = await prepareData(scenes, { cropFolder: folder, background, seed: 5 });
    const other = [relative(process.cwd(), background[0])];
    const options = { split: "val", seed: 5, trainedOn: fingerprint } as const;
    const { dataset } = await withMeasuredBackground(scenes, other, options);
    expect(empty(dataset.splits.val)).toEqual(empty(splits.val));
  });

  it("is the data set itself without folders", async () => {
    const { dataset, asTrained } = await withMeasuredBackground(scenes, [], { split: "val", seed: 0 });
    expect([dataset, asTrained]).toEqual([scenes, scenes]);
  });
});

describe("crops", () => {
  it("show one object each as the largest, whole, and others nothing", async () => {
    const cropFolder = join(folder, "crops");
    const dataset = await prepareData(scenes, { crops: true, cropFolder });
    const objects = all(scenes).flatMap(({ boxes }) => boxes).length;
    const withObject = all(dataset).filter(({ boxes }) => boxes.length > 0);
    const empty = all(dataset).filter(({ boxes }) => boxes.length === 0);
    expect(withObject.length).toBeGreaterThan(0.7 * objects);
    expect(withObject.length).toBeLessThanOrEqual(objects);
    expect(empty.length).toBeGreaterThan(3);
    for (const { path, width, height, boxes } of withObject) {
      const picture = await decodePicture(path);
      expect([picture.width, picture.height]).toEqual([width, height]);
      const [x1, y1, x2, y2] = largestBox(boxes)!.box;
      expect(Math.min(x1, y1)).toBeGreaterThanOrEqual(0);
      expect([x2 <= width, y2 <= height]).toEqual([true, true]);
    }
    // Every crop's object is one of the scenes', of its size.
    const areas = all(scenes).flatMap(({ boxes }) => boxes.map(({ box }) => boxArea(box)));
    for (const { boxes } of withObject) {
      const area = boxArea(largestBox(boxes)!.box);
      expect(Math.min(...areas.map((other) => Math.abs(other - area)))).toBeLessThan(1e-6);
    }
  });

  it("leave out pictures that cannot be read, and say so", async () => {
    const remarks: string[] = [];
    const [first, ...others] = scenes.splits.train;
    const broken = { ...first, path: join(folder, "empty/broken.jpg") };
    const dataset = { ...scenes, splits: { ...scenes.splits, train: [broken, ...others] } };
    const cropFolder = join(folder, "without");
    const onRemark = (sentence: string) => remarks.push(sentence);
    const made = await prepareData(dataset, { crops: true, cropFolder, onRemark });
    expect(made.problems.at(-1)).toMatchObject({ kind: "picture-unreadable", file: broken.path });
    expect(remarks[0]).toBe("Pictures that cannot be read and are left out: 1.");
    expect(made.splits.train.length).toBeGreaterThan(5);
  });

  it("that cannot be written are an error, not pictures that cannot be read", async () => {
    const first = scenes.splits.train.find(({ boxes }) => boxes.length > 0)!;
    const [file, crop] = [join(folder, "file"), join(folder, "folder", "train", `${first.id}-1.jpg`)];
    await writeFile(file, "a file where the folder shall be");
    await mkdir(crop, { recursive: true });
    for (const [cropFolder, named] of [
      [file, join(file, "train")],
      [join(folder, "folder"), crop],
    ]) {
      await expect(prepareData(scenes, { crops: true, cropFolder })).rejects.toMatchObject({
        code: "output-unwritable",
        message: expect.stringContaining(named),
      });
    }
  });

  it("are the same for the same seed, and others for another", async () => {
    const make = (seed: number, name: string) =>
      prepareData(scenes, { crops: true, seed, cropFolder: join(folder, name) });
    const [a, b, c] = [await make(1, "a"), await make(1, "b"), await make(2, "c")];
    expect(a.fingerprint).toBe(b.fingerprint);
    expect(a.fingerprint).not.toBe(c.fingerprint);
  });
});
