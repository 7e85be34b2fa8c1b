import { expect, test } from "vitest";
import {
  type DetectionDataset,
  type DetectionSample,
  describeDataset,
  formatProblems,
  type Problem,
} from "../../src/data/index.ts";
import { quantiles } from "../../src/data/quantiles.ts";

function sample(id: string, size: [number, number], boxes: DetectionSample["boxes"]): DetectionSample {
  return { id, path: `/set/${id}.png`, width: size[0], height: size[1], boxes };
}

const problems: Problem[] = [
  ...["a", "b", "c", "d", "d"].map(
    (id): Problem => ({
      kind: "box-empty",
      file: `/set/annotations/${id}.xml`,
      detail: "",
    }),
  ),
  { kind: "picture-missing", file: "/set/train.txt", detail: "" },
];

const dataset: DetectionDataset = {
  root: "/set",
  format: "voc",
  classes: ["cat", "dog", "eel"],
  splits: {
    train: [
      sample(
        "a",
        [100, 50],
        [
          { classIndex: 0, box: [0, 0, 50, 25] },
          { classIndex: 0, box: [0, 0, 10, 20] },
          { classIndex: 1, box: [0, 0, 100, 50] },
        ],
      ),
      sample("b", [200, 100], []),
    ],
    val: [sample("c", [300, 300], [{ classIndex: 1, box: [0, 0, 30, 60] }])],
    test: [],
  },
  splitSource: "files",
  problems,
  fingerprint: "f",
};

test("counts pictures, boxes and background by split", () => {
  expect(describeDataset(dataset).splits).toEqual({
    train: { pictures: 2, boxes: 3, background: 1 },
    val: { pictures: 1, boxes: 1, background: 0 },
    test: { pictures: 0, boxes: 0, background: 0 },
  });
});

test("counts boxes and pictures by class, those without any included", () => {
  expect(describeDataset(dataset).classes).toEqual([
    { name: "cat", boxes: 2, pictures: 1, splits: { train: 2, val: 0, test: 0 } },
    { name: "dog", boxes: 2, pictures: 2, splits: { train: 1, val: 1, test: 0 } },
    { name: "eel", boxes: 0, pictures: 0, splits: { train: 0, val: 0, test: 0 } },
  ]);
});

test("measures boxes and pictures", () => {
  const { boxes, pictures, objectsPerPicture } = describeDataset(dataset);
  expect(boxes?.relativeWidth).toMatchObject({ min: 0.1, median: expect.closeTo(0.3, 9), max: 1 });
  expect(boxes?.relativeHeight).toMatchObject({ min: 0.2, median: expect.closeTo(0.45, 9), max: 1 });
  expect(boxes?.aspectRatio).toMatchObject({ min: 0.5, median: 1.25, max: 2 });
  expect(pictures?.width).toMatchObject({ min: 100, median: 200, max: 300 });
  expect(pictures?.aspectRatio.median).toBe(2);
  expect(objectsPerPicture).toEqual([
    { objects: 0, pictures: 1 },
    { objects: 1, pictures: 1 },
    { objects: 3, pictures: 1 },
  ]);
});

test("has no sizes where there is nothing to measure", () => {
  const empty = describeDataset({ ...dataset, splits: { train: [], val: [], test: [] } });
  expect([empty.boxes, empty.pictures, empty.objectsPerPicture]).toEqual([undefined, undefined, []]);
});

test("quantiles are NumPy's", () => {
  // numpy.quantile([3, 1, 4, 1, 5, 9, 2, 6], [0, .05, .25, .5, .75, .95, 1])
  const found = quantiles([3, 1, 4, 1, 5, 9, 2, 6]);
  expect(Object.values(found).map((value) => Number(value.toFixed(9)))).toEqual([
    1, 1, 1.75, 3.5, 5.25, 7.95, 9,
  ]);
});

test("problems are grouped by kind, with up to three files each", () => {
  expect(describeDataset(dataset).problems).toEqual({ "box-empty": 5, "picture-missing": 1 });
  expect(formatProblems(problems).split("\n")).toEqual([
    "5 boxes have no area: annotations/a.xml, annotations/b.xml, annotations/c.xml and 1 more",
    "1 picture is missing: train.txt",
  ]);
  expect(formatProblems(problems.slice(0, 1))).toBe("1 box has no area: a.xml");
  expect(formatProblems([])).toBe("");
});
