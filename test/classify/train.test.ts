import { mkdir, mkdtemp, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { trainClassifier } from "../../src/classify/index.ts";
import { Random } from "../../src/core/index.ts";
import { type ClassificationDataset, loadClassificationDataset, type Problem } from "../../src/data/index.ts";
import { encodePicture } from "../../src/image/index.ts";
import { drawNoise, writePictures } from "./tiny-sets.ts";

let folder: string;

/** The same result, and no slower, beside other work. */
const threads = 1;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "fovea-classify-"));
});

afterAll(() => rm(folder, { recursive: true }));

describe("trainClassifier", () => {
  it("does not vary examples where it is told not to", async () => {
    // Only the side tells the classes apart, which mirroring takes away.
    const data = join(folder, "sides");
    const random = new Random(3);
    for (const side of ["left", "right"]) {
      await mkdir(join(data, side), { recursive: true });
      for (let i = 0; i < 16; i++) {
        const picture = drawNoise(32, 32, random);
        for (let p = 0; p < picture.data.length; p++) {
          const isLeft = Math.floor(p / 3) % 32 < 16;
          if (isLeft === (side === "left")) picture.data[p] >>= 2;
        }
        await writeFile(join(data, side, `${i}.png`), await encodePicture(picture, "png"));
      }
    }
    const dataset = await loadClassificationDataset(data, { valFraction: 0.25 });
    const settings = { data: dataset, size: 32, batchSize: 8, epochs: 8, seed: 2, threads };
    const plain = await trainClassifier({ ...settings, out: join(folder, "runs/plain"), augment: null });
    expect(plain.recipe.augment).toBeNull();
    expect(plain.evaluation!.accuracy).toBe(1);
    const varied = await trainClassifier({ ...settings, out: join(folder, "runs/varied") });
    expect(plain.notes.records.at(-1)!.loss).toBeLessThan(0.6 * varied.notes.records.at(-1)!.loss);
  });

  it("skips pictures that cannot be read and tells of each once", async () => {
    const data = join(folder, "broken");
    await writePictures(data, { counts: { disc: 16, square: 16 }, seed: 4 });
    const dataset = (await loadClassificationDataset(data, {
      valFraction: 0.25,
    })) as ClassificationDataset & {
      kind: "pictures";
    };
    const files = [dataset.splits.train[3], dataset.splits.val[2]].map(({ bytes }) => bytes.file);
    for (const file of files) await truncate(file, 200);
    const problems: Problem[] = [];
    const run = await trainClassifier({
      data: dataset,
      out: join(folder, "runs/broken"),
      size: 32,
      batchSize: 8,
      epochs: 4,
      threads,
      onProblem: (problem) => problems.push(problem),
    });
    expect(run.ending).toBe("complete");
    expect(run.evaluation!.count).toBe(dataset.splits.val.length - 1);
    expect(problems.map(({ file }) => file).sort()).toEqual(files.sort());
    for (const { kind } of problems) expect(kind).toBe("picture-unreadable");
  });
});
