import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { DetectionFormat } from "../../../src/data/index.ts";
import {
  generateScene,
  loadDetectionDataset,
  type SceneOptions,
  sceneClasses,
  writeScenes,
} from "../../../src/data/index.ts";
import { decodePicture } from "../../../src/image/index.ts";

const scenes = { seed: 11, width: 160, height: 128 } satisfies SceneOptions;

describe("writeScenes", () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "fovea-scenes-"));
  });
  afterAll(() => rm(folder, { recursive: true }));

  test.each<DetectionFormat>([
    "yolo",
    "voc",
    "coco",
  ])("writes %s that reads as what was drawn", async (format) => {
    const progress: number[] = [];
    const out = join(folder, "deep", format);
    const written = await writeScenes(out, {
      ...scenes,
      count: 20,
      format,
      onProgress: ({ done }) => progress.push(done),
    });
    expect(progress).toEqual(Array.from({ length: 20 }, (_, i) => i + 1));
    expect([written.train, written.val]).toEqual([16, 4]);

    const dataset = await loadDetectionDataset(out);
    expect(dataset).toMatchObject({
      format,
      classes: [...sceneClasses],
      problems: [],
      splitSource: "files",
    });
    const { train, val, test } = dataset.splits;
    expect([train.length, val.length, test.length]).toEqual([16, 4, 0]);
    const totals = sceneClasses.map(() => 0);
    for (const sample of [...train, ...val]) {
      const scene = generateScene(Number(sample.id.match(/\d+/)?.[0]), scenes);
      expect([sample.width, sample.height]).toEqual([160, 128]);
      expect(sample.boxes).toHaveLength(scene.boxes.length);
      for (const [i, { classIndex, box }] of sample.boxes.entries()) {
        totals[classIndex]++;
        expect(classIndex).toBe(scene.boxes[i].classIndex);
        for (const [k, side] of box.entries()) expect(side).toBeCloseTo(scene.boxes[i].box[k], 2);
      }
    }
    expect(totals).toEqual(written.objects);
    expect(await readdir(join(folder, "deep"))).not.toContainEqual(expect.stringMatching(/^\.scenes-/));
  });

  test("writes the pictures, only changed by JPEG", async () => {
    const out = join(folder, "pictures");
    await writeScenes(out, { ...scenes, count: 3, valFraction: 0 });
    for (const { id, path } of (await loadDetectionDataset(out)).splits.train) {
      const [read, drawn] = [await decodePicture(path), generateScene(Number(id.slice(-5)), scenes).picture];
      const difference = read.data.reduce((sum, value, i) => sum + Math.abs(value - drawn.data[i]), 0);
      expect(difference / drawn.data.length).toBeLessThan(4);
    }
  });

  test("draws another split with another seed", async () => {
    const split = async (seed: number): Promise<string[]> => {
      const out = join(folder, `seed-${seed}`);
      await writeScenes(out, { ...scenes, seed, count: 12, valFraction: 0.5 });
      return (await loadDetectionDataset(out)).splits.val.map(({ id }) => id);
    };
    expect(await split(1)).not.toEqual(await split(2));
  });

  test("leaves a folder alone that has something in it", async () => {
    await expect(writeScenes(folder, { count: 1 })).rejects.toMatchObject({ code: "output-exists" });
  });

  test("stops between pictures when it is asked to, and leaves nothing behind", async () => {
    const controller = new AbortController();
    const drawn: number[] = [];
    const work = writeScenes(join(folder, "stopped", "out"), {
      ...scenes,
      count: 1000,
      signal: controller.signal,
      onProgress: ({ done }) => drawn.push(done) === 3 && controller.abort(),
    });
    await expect(work).rejects.toMatchObject({ name: "AbortError" });
    expect(drawn.length).toBeLessThan(6);
    expect(await readdir(join(folder, "stopped"))).toEqual([]);
  });

  test.each([
    [{ count: 0 }, "`count` (=0)"],
    [{ count: 2, valFraction: 1 }, "`valFraction` (=1)"],
    [{ count: 2, width: 10 }, "`width` (=10)"],
  ])("refuses %o and leaves nothing behind", async (options, message) => {
    await expect(writeScenes(join(folder, "refused", "out"), options)).rejects.toThrow(message);
    expect(await readdir(join(folder, "refused")).catch(() => [])).toEqual([]);
  });
});
