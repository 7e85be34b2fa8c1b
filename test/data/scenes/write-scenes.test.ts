import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parse } from "yaml";
import {
  generateScene,
  sceneClasses,
  type WrittenScenes,
  writeScenes,
} from "../../../src/data/scenes/index.ts";
import { decodePicture } from "../../../src/image/index.ts";

describe("writeScenes", () => {
  let folder: string;
  let written: WrittenScenes;
  const progress: number[] = [];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "fovea-scenes-"));
    written = await writeScenes(folder, {
      count: 20,
      seed: 11,
      width: 160,
      height: 128,
      onProgress: ({ done }) => progress.push(done),
    });
  });
  afterAll(() => rm(folder, { recursive: true }));

  test("splits the pictures by the validation share and reports every one", async () => {
    expect([written.train, written.val]).toEqual([16, 4]);
    expect(progress).toEqual(Array.from({ length: 20 }, (_, i) => i + 1));
    const names = await Promise.all(["train", "val"].map((split) => readdir(join(folder, "images", split))));
    expect(names.map((each) => each.length)).toEqual([16, 4]);
    expect(new Set(names.flat()).size).toBe(20);
  });

  test("names splits and classes in data.yaml", async () => {
    const description = parse(await readFile(join(folder, "data.yaml"), "utf8"));
    expect(description).toMatchObject({ train: "images/train", val: "images/val", names: [...sceneClasses] });
  });

  test("writes each scene's boxes and its picture", async () => {
    const totals = sceneClasses.map(() => 0);
    for (const split of ["train", "val"])
      for (const file of await readdir(join(folder, "labels", split))) {
        const index = Number(file.match(/\d+/)?.[0]);
        const scene = generateScene(index, { seed: 11, width: 160, height: 128 });
        const lines = (await readFile(join(folder, "labels", split, file), "utf8"))
          .split("\n")
          .filter(Boolean);
        expect(lines).toHaveLength(scene.boxes.length);
        lines.forEach((line, i) => {
          const [classIndex, cx, cy, width, height] = line.split(" ").map(Number);
          totals[classIndex]++;
          expect(classIndex).toBe(scene.boxes[i].classIndex);
          const box = [cx - width / 2, cy - height / 2, cx + width / 2, cy + height / 2];
          for (const [k, side] of scene.boxes[i].box.entries())
            expect(box[k] * (k % 2 === 0 ? 160 : 128)).toBeCloseTo(side, 2);
        });
        const picture = await decodePicture(join(folder, "images", split, file.replace(".txt", ".jpg")));
        const error = picture.data.reduce(
          (sum, value, i) => sum + Math.abs(value - scene.picture.data[i]),
          0,
        );
        expect(error / picture.data.length).toBeLessThan(8);
      }
    expect(totals).toEqual(written.objects);
  });

  test.each([
    [{ count: 0 }, "`count` (=0)"],
    [{ count: 2, valFraction: 1 }, "`valFraction` (=1)"],
    [{ count: 2, width: 10 }, "`width` (=10)"],
  ])("refuses %o", async (options, message) => {
    await expect(writeScenes(folder, options)).rejects.toThrow(message);
  });
});
