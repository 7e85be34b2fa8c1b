import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { fovea } from "./fovea.ts";
import { createWorkspace, type Workspace } from "./workspace.ts";

const data = resolve(import.meta.dirname, "../../../shared/data/metrics");
const hasData = existsSync(data);
if (!hasData)
  console.log("Skipped: ../shared/data/metrics is absent, and with it COCO's and VOC's own cases.");

let workspace: Workspace;

beforeAll(async () => {
  workspace = await createWorkspace();
  await workspace.write({
    "truth.json": JSON.stringify({
      images: [{ id: 1 }],
      categories: [
        { id: 1, name: "cat" },
        { id: 2, name: "dog" },
      ],
      annotations: [{ id: 1, image_id: 1, category_id: 1, bbox: [10, 10, 50, 50], area: 2500, iscrowd: 0 }],
    }),
    "detections.json": JSON.stringify([{ image_id: 1, category_id: 1, bbox: [10, 10, 50, 50], score: 0.9 }]),
    "gts/a.txt": "cat 10 10 50 50\ncat 100 100 20 20 difficult\n",
    "gts/b.txt": "cat 0 0 9 9\n",
    "dets/a.txt": "cat 0.9 10 10 50 50\ncat 0.8 100 100 20 20\n",
    "corners/a.txt": "cat 0.9 10 10 60 60\n",
  });
});

afterAll(() => workspace.remove());

const run = (line: string) => fovea(line.split(" "), { cwd: workspace.path });

describe("fovea metrics coco", () => {
  it("prints one JSON value with the twelve figures and the classes", async () => {
    const { code, stdout, stderr } = await run("metrics coco truth.json detections.json --json");
    const { stats, perClass } = JSON.parse(stdout);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(Object.keys(stats)).toHaveLength(12);
    expect(stats).toMatchObject({ AP: 1, AP50: 1, APsmall: -1, APmedium: 1, AR1: 1 });
    expect(perClass).toEqual([
      { id: 1, name: "cat", count: 1, AP: 1, AP50: 1 },
      { id: 2, name: "dog", count: 0, AP: -1, AP50: -1 },
    ]);
  });

  it("prints a table for people, with – for what does not exist", async () => {
    const { stdout } = await run("metrics coco truth.json detections.json");
    expect(stdout).toMatch(/^AP50 +0\.50 +all +100 +1$/m);
    expect(stdout).toMatch(/^APsmall +0\.50:0\.95 +small +100 +–$/m);
    expect(stdout).toMatch(/^dog +0 +– +–$/m);
  });

  it.skipIf(!hasData)("agrees with pycocotools on COCO's own example", async () => {
    const expected = JSON.parse(await readFile(`${data}/coco/expected.json`, "utf8"));
    const { stdout } = await run(
      `metrics coco ${data}/coco/instances.json ${data}/coco/detections.json --json`,
    );
    const { stats } = JSON.parse(stdout);
    for (const name of ["AP", "AP50", "AP75", "AR1", "AR10", "AR100"])
      expect(stats[name]).toBeCloseTo(expected[name], 9);
  });
});

describe("fovea metrics voc", () => {
  it("leaves difficult objects out, and counts missed ones", async () => {
    const { code, stdout } = await run("metrics voc gts dets --json");
    expect(code).toBe(0);
    const { iouThreshold, everyPoint, elevenPoint, perClass } = JSON.parse(stdout);
    expect(iouThreshold).toBe(0.5);
    expect(everyPoint).toBe(0.5);
    expect(elevenPoint).toBeCloseTo(6 / 11, 12);
    expect(perClass).toMatchObject([{ name: "cat", count: 2 }]);
  });

  it("reads corners", async () => {
    await workspace.write({ "truth-corners/a.txt": "cat 10 10 60 60\n" });
    const { stdout } = await run("metrics voc truth-corners corners --boxes xyxy --iou 0.99 --json");
    expect(JSON.parse(stdout)).toMatchObject({ everyPoint: 1 });
  });

  it("tells inclusive pixels from continuous coordinates", async () => {
    // Corners (0, 0, 2, 1) and (1, 0, 3, 1): IoU 1/3 as they stand, 4/8 with a pixel more on each side.
    await workspace.write({ "gt-thin/a.txt": "cat 0 0 2 1\n", "det-thin/a.txt": "cat 0.9 1 0 2 1\n" });
    const inclusive = JSON.parse((await run("metrics voc gt-thin det-thin --iou 0.4 --json")).stdout);
    const continuous = JSON.parse(
      (await run("metrics voc gt-thin det-thin --iou 0.4 --continuous --json")).stdout,
    );
    expect([inclusive.everyPoint, continuous.everyPoint]).toEqual([1, 0]);
  });

  it.skipIf(!hasData).each([
    [0.1, 0.3333333333, 0.3371980676],
    [0.3, 0.2683982683, 0.2456866804],
    [0.5, 0.0303030303, 0.0222222222],
    [0.75, 0, 0],
  ])("agrees with the toy case at IoU %d", async (iou, elevenPoint, everyPoint) => {
    const { stdout } = await run(`metrics voc ${data}/voc/gts ${data}/voc/dets --iou ${iou} --json`);
    const result = JSON.parse(stdout);
    expect(result.elevenPoint).toBeCloseTo(elevenPoint, 9);
    expect(result.everyPoint).toBeCloseTo(everyPoint, 9);
  });
});
