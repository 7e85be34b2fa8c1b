import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readPictureSize } from "../../src/image/index.ts";
import { fovea, HOOK_TIMEOUT_MS } from "./fovea.ts";
import { createWorkspace, type Workspace } from "./workspace.ts";

let workspace: Workspace;

const run = (line: string) => fovea(line.split(" "), { cwd: workspace.path });

beforeAll(async () => {
  workspace = await createWorkspace();
  expect(await run("data scenes scenes --count 2 --size 240x180 --val 0.5")).toMatchObject({ code: 0 });
}, HOOK_TIMEOUT_MS);

afterAll(() => workspace.remove());

describe("fovea detect proposals", () => {
  it("draws blobs and regions, and measures them", async () => {
    const line = "detect proposals --data scenes --mode single --out out --json";
    const { code, stdout } = await run(line);
    expect(code).toBe(0);
    const { pictures, evaluation } = JSON.parse(stdout);
    expect(pictures).toHaveLength(2);
    for (const { file, width, height, boxes, objects, drawnBlobs, drawnRegions } of pictures) {
      expect(await readPictureSize(join(workspace.path, drawnBlobs))).toEqual(await readPictureSize(file));
      expect(await readPictureSize(join(workspace.path, drawnRegions))).toEqual({ width, height });
      for (const [x1, y1, x2, y2] of boxes) {
        expect(x1 >= 0 && y1 >= 0 && x1 < x2 && y1 < y2 && x2 <= width && y2 <= height).toBe(true);
      }
      for (const { overlap, proposal } of objects) expect(overlap > 0).toBe(proposal >= 0);
    }
    expect(evaluation.objects).toBe(
      pictures.flatMap(({ objects }: { objects: unknown[] }) => objects).length,
    );
    expect(evaluation.recall50).toBeGreaterThan(0.5);
    expect(evaluation.recall70).toBeLessThanOrEqual(evaluation.recall50);
    expect(JSON.parse(await readFile(join(workspace.path, "out/proposals.json"), "utf8"))).toEqual(
      JSON.parse(stdout),
    );
  });

  it("prints a table with labels, a line a picture without, and searches only the pictures named", async () => {
    const { stdout: table } = await run("detect proposals --data scenes --split val --mode single");
    expect(table).toMatch(/^class +objects +recall at IoU 0\.5 +at 0\.7 +ABO$/m);
    expect(table).toMatch(/^MABO 0\.\d{3}, \d+ regions a picture$/m);
    const listed = await run("detect proposals scenes/images/train scenes/images/val --mode single --most 5");
    expect(listed.stdout.trim().split("\n")).toHaveLength(2);
    expect(listed.stdout).toMatch(/: 5 regions, \d+ blobs$/m);
  });
});
