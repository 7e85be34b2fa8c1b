import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { DetectionDataset } from "../../src/data/index.ts";
import type { LocalizerEvaluation } from "../../src/localize/index.ts";
import type { Recipe } from "../../src/localize/recipe.ts";
import { writeTrainingReport } from "../../src/localize/run-report.ts";
import { evaluateLocalization } from "../../src/metrics/index.ts";

let out: string;
beforeAll(async () => {
  out = await mkdtemp(join(tmpdir(), "fovea-report-"));
});
afterAll(() => rm(out, { recursive: true }));

it("draws each part of the loss and each figure of the validation", async () => {
  const records = [1, 2, 3].map((epoch) => ({
    epoch,
    learningRate: 0.001,
    loss: 4 / epoch,
    presence: 1 / epoch,
    box: 2 / epoch,
    class: 1 / epoch,
    look: 3 / epoch,
    meanIou: 0.25 * epoch,
    accuracy: 1,
    right: 0.2 * epoch,
    falseAlarms: 0.1,
  }));
  const recipe = {
    classes: ["cat"],
    input: { width: 64, height: 64 },
    model: "nano",
    loss: "mixed",
    seed: 1,
  };
  const report = await writeTrainingReport({
    out,
    recipe: recipe as unknown as Recipe,
    dataset: { splits: { train: [], val: [] } } as unknown as DetectionDataset,
    records,
    evaluation: { ...evaluateLocalization(["cat"], []), pictures: [] } as unknown as LocalizerEvaluation,
    batch: { width: 1, height: 1, data: new Uint8Array(3) },
  });
  const texts = Array.from(
    (await readFile(report, "utf8")).matchAll(/<text[^>]*>([^<]*)</g),
    ([, text]) => text,
  );
  expect(texts).toEqual(
    expect.arrayContaining([
      ...["loss", "presence", "box", "class", "look"],
      ...["mean IoU", "right", "accuracy", "false alarms"],
      "best mean IoU 0.750 in epoch 3",
    ]),
  );
});
