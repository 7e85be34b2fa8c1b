import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { addDetectAnchors } from "../../src/cli/commands/detect-anchors.ts";
import { type DetectionDataset, loadDetectionDataset, writeScenes } from "../../src/data/index.ts";
import { makeRecipe } from "../../src/detect/recipe.ts";
import { listenToStdout, runCommand } from "./run-command.ts";

let folder: string;
let dataset: DetectionDataset;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "fovea-anchors-"));
  const scenes = join(folder, "scenes");
  await writeScenes(scenes, { count: 30, seed: 4, width: 160, height: 128 });
  dataset = await loadDetectionDataset(scenes);
});
afterAll(() => rm(folder, { recursive: true }));
afterEach(() => vi.restoreAllMocks());

async function anchorsOf(...words: string[]): Promise<{ anchors: number[][]; boxes: number[] }> {
  const printed = listenToStdout();
  await runCommand(addDetectAnchors, ["anchors", dataset.root, "--json", ...words]);
  return JSON.parse(printed());
}

describe("fovea detect anchors", () => {
  it.each([0, 3])("shows what a training takes, with seed %d", async (seed) => {
    const size = { width: 320, height: 256 };
    const { grids } = makeRecipe(dataset, { model: "textbook", size, seed }).config;
    const { anchors } = await anchorsOf("-k", "5", "--size", "320x256", "--seed", String(seed));
    expect(anchors).toEqual(grids[0].anchors);
  });

  it("counts in the pictures' own pixels where no size is given", async () => {
    const own = await anchorsOf("-k", "3");
    const twice = await anchorsOf("-k", "3", "--size", "320x256");
    expect(twice.anchors).toEqual(own.anchors.map((shape) => shape.map((side) => 2 * side)));
    expect(own.boxes).toEqual(twice.boxes);
  });
});
