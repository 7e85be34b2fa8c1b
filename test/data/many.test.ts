import { join } from "node:path";
import { expect, it } from "vitest";
import type { DetectionDataset, Problem } from "../../src/data/dataset.ts";
import { toCocoFiles } from "../../src/data/formats/coco-write.ts";
import { parseYoloLine } from "../../src/data/formats/yolo-line.ts";
import { checkSamples } from "../../src/data/points/check-samples.ts";
import { groupsOf } from "../../src/data/points/groups.ts";
import { readSamples } from "../../src/data/read-samples.ts";
import { makeFolder, png } from "./folder-fixture.ts";

/** More than a function may be given as arguments. */
const MANY = 200_000;

it("groups many pictures by their names", () => {
  const ids = Array.from({ length: MANY }, (_, i) => `person${"ab"[i % 2]}${i >> 1}x_${i % 2}`);
  expect(new Set(groupsOf(ids)).size).toBe(MANY);
});

it("finds many problems in pictures and points", async () => {
  const path = join(await makeFolder({ "a.png": await png() }), "a.png");
  const boxes = Array.from({ length: MANY }, (_, i) => ({
    classIndex: 0,
    corners: [1, 1, 1, 1] as const,
    name: `${i}`,
  }));
  const problems: Problem[] = [];
  const picture = { id: "a", path, file: path, unit: "pixel" as const, boxes, unreadBoxes: 0 };
  expect(await readSamples([picture], problems)).toEqual([undefined]);
  expect(problems).toHaveLength(MANY + 1);

  const stated = Array.from({ length: MANY }, (_, i) => ({
    id: `${i}`,
    path: `${path}x`,
    file: path,
    points: [],
  }));
  const unread: Problem[] = [];
  expect(await checkSamples(stated, 0.5, unread)).toEqual([]);
  expect(unread).toHaveLength(MANY);
});

it("writes many pictures as COCO", () => {
  const sample = (_: unknown, i: number) => ({ id: `${i}`, path: "a.png", width: 1, height: 1, boxes: [] });
  const train = Array.from({ length: MANY }, sample);
  const dataset = { classes: ["a"], splits: { train, val: [], test: [] } } as unknown as DetectionDataset;
  expect(toCocoFiles(dataset).pictures).toHaveLength(MANY);
});

it("reads a polygon of many corners", () => {
  const numbers = Array.from({ length: MANY }, (_, i) => `0.25 ${i % 2 ? 0.5 : 0.75} `).join("");
  const box = parseYoloLine(`0 ${numbers.trim()}`, 1, ["a"], new Map([[0, 0]]), false);
  expect(box).toMatchObject({ corners: [0.25, 0.5, 0.25, 0.75] });
});
