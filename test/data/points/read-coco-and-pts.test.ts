import { rename } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { loadPointDataset } from "../../../src/data/index.ts";
import { folderWith } from "./point-files.ts";

const coco = {
  categories: [
    {
      id: 3,
      name: "person",
      keypoints: ["nose", "left_eye", "right_eye"],
      skeleton: [
        [1, 2],
        [1, 3],
      ],
    },
  ],
  images: [
    { id: 1, file_name: "a.png" },
    { id: 2, file_name: "b.png" },
    { id: 3, file_name: "empty.png" },
  ],
  annotations: [
    { id: 10, image_id: 1, category_id: 3, bbox: [1, 2, 10, 20], keypoints: [3, 4, 2, 5, 6, 1, 0, 0, 0] },
    { id: 11, image_id: 2, category_id: 3, bbox: [0, 0, 9, 9], keypoints: [1, 1, 2, 2, 2, 2, 3, 3, 2] },
    { id: 12, image_id: 2, category_id: 3, bbox: [9, 9, 9, 9], keypoints: [11, 11, 2, 12, 12, 2, 13, 13, 2] },
    { id: 13, image_id: 2, category_id: 3, iscrowd: 1, bbox: [9, 9, 9, 9], keypoints: [] },
  ],
};
const pictures = ["images/a.png", "images/b.png", "images/empty.png"];

const loadCoco = async (content: unknown) =>
  loadPointDataset(
    await folderWith({ "annotations/person_keypoints.json": JSON.stringify(content) }, pictures),
    {
      valFraction: 0,
    },
  );

describe("COCO keypoints", () => {
  it("are read with names, lines, boxes and visibility; a pixel's number becomes its centre", async () => {
    const { format, names, description, splits, problems } = await loadCoco(coco);
    expect({ format, names, problems }).toEqual({
      format: "coco",
      names: ["nose", "left_eye", "right_eye"],
      problems: [],
    });
    expect(description.lines).toEqual([
      ["nose", "left_eye"],
      ["nose", "right_eye"],
    ]);
    const [a, b1, b2, empty] = splits.train;
    expect(a).toMatchObject({ id: "a", box: [1, 2, 11, 22], points: [[3.5, 4.5], [5.5, 6.5], undefined] });
    expect([b1.id, b2.id, b1.group, b2.group]).toEqual(["b#11", "b#12", "b", "b"]);
    expect(empty.points).toEqual([undefined, undefined, undefined]);
  });

  it("fall into groups by the pictures' names, as tables do", async () => {
    const people = ["ada", "bob", "cy", "dan", "eve", "flo"];
    const names = people.flatMap((person) => [1, 2, 3].map((i) => `${person}_${i}`));
    const content = {
      categories: coco.categories,
      images: names.map((name, id) => ({ id, file_name: `${name}.png` })),
      // Two of them are in each picture, and nobody in the last one.
      annotations: names.slice(0, -1).flatMap((_, image_id) =>
        [0, 1].map((i) => ({
          id: 2 * image_id + i,
          image_id,
          category_id: 3,
          keypoints: [1, 1, 2, 2, 2, 2, 3, 3, 2],
        })),
      ),
    };
    const folder = await folderWith(
      { "people.json": JSON.stringify(content) },
      names.map((name) => `${name}.png`),
    );
    const { groups, splits } = await loadPointDataset(folder, { valFraction: 0.3 });
    expect(groups).toBe(6);
    const groupsOf = (samples: { group: string }[]) => [...new Set(samples.map(({ group }) => group))];
    expect([...groupsOf(splits.train), ...groupsOf(splits.val)].sort()).toEqual(people);
  });

  it("say what is wrong with an annotation, and go on", async () => {
    const annotations = [
      ...coco.annotations,
      { id: 20, image_id: 9, category_id: 3, keypoints: [] },
      { id: 21, image_id: 1, category_id: 3, keypoints: [1, 2, 2] },
    ];
    const images = [...coco.images, { id: 4, file_name: "gone.png" }];
    const { problems, splits } = await loadCoco({ ...coco, images, annotations });
    expect(splits.train).toHaveLength(4);
    expect(problems.map(({ kind, detail }) => [kind, detail])).toEqual([
      ["picture-missing", "Annotation 20 belongs to image 9, which `images` does not list: skipped."],
      [
        "points-count",
        "Annotation 21 of `a.png` has 3 numbers for keypoints, 9 are expected (3 points): skipped.",
      ],
      ["picture-missing", "Picture `gone.png` (image 4) is not there: skipped."],
    ]);
  });
});

describe("COCO keypoints of a malformed file", () => {
  const read = async (text: string) =>
    loadPointDataset(join(await folderWith({ "set.json": text }, pictures), "set.json"), { valFraction: 0 });

  it.each([
    "null",
    "[]",
    '{"categories": [null], "images": []}',
  ])("are refused where none are in it: %s", async (text) => {
    await expect(read(text)).rejects.toMatchObject({
      code: "dataset-format",
      message: expect.stringMatching(/has no category with `keypoints`/),
    });
  });

  it("are read where other entries are no objects, and no line is drawn by what is no pair", async () => {
    const { splits, description, problems } = await read(
      JSON.stringify({
        categories: [null, { ...coco.categories[0], skeleton: [1, 2, null, [1], [2, 3], [1, 9]] }],
        images: [...coco.images, null],
        annotations: [null, ...coco.annotations],
      }),
    );
    expect(splits.train.map(({ id }) => id)).toEqual(["a", "b#11", "b#12", "empty"]);
    expect(description.lines).toEqual([["left_eye", "right_eye"]]);
    expect(problems.map(({ kind }) => kind)).toEqual(["picture-missing"]);
  });
});

const pts = (...points: string[]) => `version: 1\nn_points: ${points.length}\n{\n${points.join("\n")}\n}\n`;

describe(".pts files", () => {
  it("count pixels from 1: (1, 1) is the centre of the first", async () => {
    const texts = { "train/a.pts": pts("1 1", "20.5 10"), "val/b.pts": pts("40 30", "-1 -1") };
    const dataset = await loadPointDataset(await folderWith(texts, ["train/a.png", "val/b.png"]));
    expect(dataset).toMatchObject({
      format: "pts",
      names: ["0", "1"],
      named: false,
      splitSource: "files",
      problems: [],
    });
    expect(dataset.splits.train[0]).toMatchObject({
      id: "train/a",
      points: [
        [0.5, 0.5],
        [20, 9.5],
      ],
    });
    expect(dataset.splits.val[0].points).toEqual([[39.5, 29.5], undefined]);
  });

  it("belong to the picture beside them, whatever others are called", async () => {
    const texts = {
      "train/001.pts": pts("1 1"),
      "val/001.pts": pts("2 2"),
      "val/lone.pts": pts("3 3"),
      "val/2.v.pts": pts("4 4"),
    };
    const folder = await folderWith(texts, ["train/001.png", "val/001.jpg", "train/lone.jpg", "val/2.v.jpg"]);
    await rename(join(folder, "val/2.v.jpg"), join(folder, "val/2.v.JPEG"));
    const { splits, problems } = await loadPointDataset(folder);
    const paths = [...splits.train, ...splits.val].map(({ id, path }) => [id, path.slice(folder.length + 1)]);
    expect(paths).toEqual([
      ["train/001", "train/001.png"],
      ["val/001", "val/001.jpg"],
      ["val/2.v", "val/2.v.JPEG"],
    ]);
    expect(problems.map(({ detail }) => detail)).toEqual(["No picture beside it is called `lone`: skipped."]);
  });

  it("say what is wrong with one, and go on", async () => {
    const texts = {
      "a.pts": pts("1 1", "2 2"),
      "b.pts": pts("3 3", "4 4"),
      "c.pts": pts("1 1"),
      "d.pts": "n_points: 3\n{\n1 1\n}\n",
      "e.pts": pts("1 one"),
      "f.pts": pts("1 1", "2 2"),
      "g.pts": "",
    };
    const dataset = await loadPointDataset(
      await folderWith(texts, ["a.png", "b.png", "c.png", "d.png", "e.png", "g.png"]),
      { valFraction: 0 },
    );
    expect(dataset.splits.train.map(({ id }) => id)).toEqual(["a", "b"]);
    expect(dataset.problems.map(({ detail }) => detail).sort()).toEqual([
      '"1 one" is no point: skipped.',
      "It has 1 points, the others have 2: skipped.",
      "No picture beside it is called `f`: skipped.",
      "The file declares 3 points but has 1: skipped.",
      "The file has no points between { and }: skipped.",
    ]);
  });
});
