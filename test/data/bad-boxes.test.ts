import { expect, test } from "vitest";
import { loadDetectionDataset } from "../../src/data/index.ts";
import { makeFolder, png, vocXml } from "./folder-fixture.ts";

type Corners = [unknown, unknown, unknown, unknown];

// The picture is 100 × 80.
const CASES: { corners: Corners; box?: number[]; kinds: string[] }[] = [
  { corners: [10, 20, 30, 40], box: [10, 20, 30, 40], kinds: [] },
  { corners: ["1.25", " 2 ", "3.5e0", 4], box: [1.25, 2, 3.5, 4], kinds: [] },
  { corners: [0, 0, 100, 80], box: [0, 0, 100, 80], kinds: [] },
  { corners: [-1, -1, 101, 81], box: [0, 0, 100, 80], kinds: [] },
  { corners: [-1.5, 5, 50, 60], box: [0, 5, 50, 60], kinds: ["box-clipped"] },
  { corners: [50, 60, 90, 300], box: [50, 60, 90, 80], kinds: ["box-clipped"] },
  { corners: [30, 20, 10, 40], box: [10, 20, 30, 40], kinds: ["box-inverted"] },
  { corners: [30, 40, 10, 20], box: [10, 20, 30, 40], kinds: ["box-inverted"] },
  { corners: [120, 40, 90, 20], box: [90, 20, 100, 40], kinds: ["box-inverted", "box-clipped"] },
  { corners: [50, 50, 50, 50], kinds: ["box-empty"] },
  { corners: [50, 20, 50, 60], kinds: ["box-empty"] },
  { corners: [50, 20, 70, 20], kinds: ["box-empty"] },
  { corners: [100, 20, 130, 60], kinds: ["box-outside"] },
  { corners: [-30, 20, 0, 60], kinds: ["box-outside"] },
  { corners: [20, 200, 60, 300], kinds: ["box-outside"] },
  { corners: ["nan", 20, 30, 40], kinds: ["box-not-a-number"] },
  { corners: ["", 20, 30, 40], kinds: ["box-not-a-number"] },
  { corners: ["1,5", 20, 30, 40], kinds: ["box-not-a-number"] },
  { corners: [10, 20, "Infinity", 40], kinds: ["box-not-a-number"] },
];

test.each(CASES)("$corners → $box $kinds", async ({ corners, box, kinds }) => {
  const root = await makeFolder({
    // A good box beside it, so that the picture stays.
    "a.xml": vocXml({
      objects: [
        ["cat", 1, 2, 3, 4],
        ["dog", ...corners],
      ],
    }),
    "a.png": await png(),
  });
  const { classes, splits, problems } = await loadDetectionDataset(root);
  const { boxes } = [...splits.train, ...splits.val][0];
  const dogs = boxes.filter(({ classIndex }) => classes[classIndex] === "dog");
  expect(dogs.map((dog) => dog.box)).toEqual(box ? [box] : []);
  expect(problems.map(({ kind }) => kind)).toEqual(kinds);
  for (const problem of problems) {
    expect(problem.file).toBe(`${root}/a.xml`);
    expect(problem.detail).toMatch(/^Object 2 \(dog\) \[.*\] .*\.$/);
  }
});

test("an object without a box is one without numbers", async () => {
  const root = await makeFolder({
    "a.xml": vocXml({ objects: [["cat", 1, 2, 3, 4]] }).replace(
      "</annotation>",
      "<object><name>dog</name></object></annotation>",
    ),
    "a.png": await png(),
  });
  const { problems } = await loadDetectionDataset(root);
  expect(problems.map(({ kind }) => kind)).toEqual(["box-not-a-number"]);
});

test("a picture none of whose boxes is usable is not background but left out", async () => {
  const root = await makeFolder({
    "a.xml": vocXml({ objects: [["cat", 1, 2, 3, 4]] }),
    "b.xml": vocXml({ objects: [["cat", 5, 5, 5, 5]] }),
    "c.xml": vocXml({}),
    "a.png": await png(100, 80, 0),
    "b.png": await png(100, 80, 1),
    "c.png": await png(100, 80, 2),
  });
  const { splits, problems } = await loadDetectionDataset(root);
  expect([...splits.train, ...splits.val].map(({ id }) => id).sort()).toEqual(["a", "c"]);
  expect(problems.map(({ kind }) => kind)).toEqual(["box-empty", "annotation-unreadable"]);
  expect(problems[1].detail).toBe(
    "`b` has no usable box (of 1), which is not the same as no object: picture skipped.",
  );
});
