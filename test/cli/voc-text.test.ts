import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { readVocText } from "../../src/cli/commands/voc-text.ts";

let root: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "fovea-voc-text-"));
  await mkdir(join(root, "gts"));
  await mkdir(join(root, "dets"));
});

afterEach(() => rm(root, { recursive: true }));

const write = (path: string, text: string) => writeFile(join(root, path), text);
const read = (layout: "xywh" | "xyxy") => readVocText(join(root, "gts"), join(root, "dets"), layout);

it("reads boxes, scores, classes and the mark", async () => {
  await write("gts/a.txt", "dog 1 2 3 4\r\ncat 5 6 7 8 difficult\r\n\r\n");
  await write("gts/b.txt", "");
  await write("dets/a.txt", "  bird\t.5 1e1 2 3 4\n");
  expect(await read("xywh")).toEqual({
    classes: ["bird", "cat", "dog"],
    pictures: [
      {
        id: "a",
        boxes: [
          { classIndex: 2, box: [1, 2, 4, 6], difficult: false },
          { classIndex: 1, box: [5, 6, 12, 14], difficult: true },
        ],
        detections: [{ classIndex: 0, score: 0.5, box: [10, 2, 13, 6] }],
      },
      { id: "b", boxes: [], detections: [] },
    ],
  });
});

it("reads corners", async () => {
  await write("gts/a.txt", "dog 1 2 3 4");
  await write("dets/a.txt", "dog 0.5 1 2 3 4");
  const { pictures } = await read("xyxy");
  expect(pictures[0].boxes[0].box).toEqual([1, 2, 3, 4]);
  expect(pictures[0].detections[0].box).toEqual([1, 2, 3, 4]);
});

it.each([
  ["gts", "dog 1 2 3", "class x y width height [difficult]"],
  ["gts", "dog 1 2 3 4 hard", "class x y width height [difficult]"],
  ["gts", "dog 1 2 three 4", "class x y width height [difficult]"],
  ["dets", "dog 1 2 3 4", "class score x y width height"],
  ["dets", "dog 0.5 1 2 3 4 difficult", "class score x y width height"],
])("names the line of %s that reads %j", async (folder, line, pattern) => {
  await write("gts/a.txt", "dog 1 2 3 4\n");
  await write("dets/a.txt", "dog 0.5 1 2 3 4\n");
  await write(`${folder}/a.txt`, `\n${line}\n`);
  await expect(read("xywh")).rejects.toThrow(`a.txt:2 must read "${pattern}", but is "${line}".`);
});
