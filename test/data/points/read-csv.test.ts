import { copyFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { loadPointDataset, type PointDataset, type PointSample } from "../../../src/data/index.ts";
import { folderWith } from "./point-files.ts";

const all = ({ splits }: PointDataset): PointSample[] =>
  [...splits.train, ...splits.val, ...splits.test].sort((a, b) => (a.id < b.id ? -1 : 1));

const load = async (
  texts: Record<string, string>,
  pictures = ["a.png", "b.png"],
  options: Parameters<typeof loadPointDataset>[1] = {},
) => loadPointDataset(await folderWith(texts, pictures), options);

describe("a table of points", () => {
  it("names them by its heads, in whatever order columns stand", async () => {
    const text = "file,left_eye_x,left_eye_y,nose_y,nose_x\na.png,1,2,4,3\nimages/b.png,5,6,8,7\n";
    const dataset = await load({ "p.csv": text }, ["a.png", "images/b.png"]);
    expect(dataset).toMatchObject({ format: "csv", names: ["left_eye", "nose"], named: true, problems: [] });
    expect(all(dataset).map(({ id, points, width, height }) => ({ id, points, width, height }))).toEqual([
      {
        id: "a",
        points: [
          [1, 2],
          [3, 4],
        ],
        width: 40,
        height: 30,
      },
      {
        id: "b",
        points: [
          [5, 6],
          [7, 8],
        ],
        width: 40,
        height: 30,
      },
    ]);
  });

  it.each([
    ["x0,y0,x1,y1 heads", "image,x0,y0,x1,y1\na.png,1,2,3,4\nb.png,1,2,3,4\n"],
    ["no heads", "a.png,1,2,3,4\nb.png,1,2,3,4\n"],
    ["no heads and a first picture without points", "a.png,,,nan,\nb.png,1,2,3,4\n"],
    ["semicolons", "a.png;1;2;3;4\nb.png;1;2;3;4\n"],
  ])("numbers them with %s", async (_, text) => {
    const dataset = await load({ "p.csv": text });
    expect([dataset.names, dataset.named]).toEqual([["0", "1"], false]);
    expect(all(dataset)[1].points).toEqual([
      [1, 2],
      [3, 4],
    ]);
  });

  it("takes empty cells and invisible points for not labelled, and all of them for nothing there", async () => {
    const text = "file,p_x,p_y,p_v,q_x,q_y,q_v\na.png,1,2,1,3,4,0\nb.png,,,,,,\n";
    const [a, b] = all(await load({ "p.csv": text }));
    expect(a.points).toEqual([[1, 2], undefined]);
    expect(b.points).toEqual([undefined, undefined]);
  });

  it("reads what is visible and present as numbers or words, an empty cell as not said", async () => {
    const rows = [
      "a.png,1,2,True,yes",
      "b.png,0,0,False,1",
      "c.png,1,2,,",
      "d.png,1,2,1,false",
      "e.png,1,2,so,1",
      "f.png,0,0,,",
    ];
    const text = `file,p_x,p_y,p_visible,present\n${rows.join("\n")}\n`;
    const dataset = await load({ "p.csv": text }, ["a.png", "b.png", "c.png", "d.png", "e.png", "f.png"]);
    expect(Object.fromEntries(all(dataset).map(({ id, points }) => [id, points[0]]))).toEqual({
      a: [1, 2],
      b: undefined,
      c: [1, 2],
      d: undefined,
      f: undefined,
    });
    expect(dataset.problems).toMatchObject([
      { kind: "annotation-unreadable", detail: expect.stringContaining('Line 6: "so" is no number') },
    ]);
  });

  it.each([
    ["box_x1,box_y1,box_x2,box_y2", "2,3,12,13"],
    ["left,top,width,height", "2,3,10,10"],
    ["bbox_x,bbox_y,bbox_w,bbox_h", "2,3,10,10"],
  ])("reads a box from %s, and x1 as a point's", async (heads, cells) => {
    const text = `file,x0,y0,x1,y1,${heads}\na.png,3,4,5,6,${cells}\nb.png,3,4,5,6,${cells}\n`;
    const [a] = all(await load({ "p.csv": text }));
    expect(a.box).toEqual([2, 3, 12, 13]);
    expect(a.points).toEqual([
      [3, 4],
      [5, 6],
    ]);
  });

  it("splits by tables of their names, by a column, or by chance with groups kept together", async () => {
    const row = (name: string) => `${name},1,2\n`;
    const files = await load({ "train.csv": row("a.png"), "val.csv": row("b.png") });
    expect([files.splits.train[0].id, files.splits.val[0].id, files.splitSource]).toEqual([
      "a",
      "b",
      "files",
    ]);

    const worded = await load({ "train_points.csv": row("a.png"), "val-points.csv": row("b.png") });
    expect([worded.splits.train.length, worded.splits.val[0].id, worded.splitSource]).toEqual([
      1,
      "b",
      "files",
    ]);

    const column = await load({ "p.csv": "file,x0,y0,split\na.png,1,2,val\nb.png,1,2,train\n" });
    expect([column.splits.train[0].id, column.splits.val[0].id]).toEqual(["b", "a"]);

    const people = Array.from({ length: 12 }, (_, i) => `Person_${"abcdef"[i >> 1]}_${i}.png`);
    const drawn = await load({ "p.csv": people.map(row).join("") }, people, { valFraction: 0.3 });
    expect(drawn.groups).toBe(6);
    const groupsOf = (samples: PointSample[]) => [...new Set(samples.map(({ group }) => group))];
    expect(groupsOf(drawn.splits.val)).toHaveLength(2);
    expect(groupsOf(drawn.splits.train)).toHaveLength(4);
    const another = await load({ "p.csv": people.map(row).join("") }, people, { valFraction: 0.3, seed: 5 });
    expect(another.fingerprint).not.toBe(drawn.fingerprint);
  });

  it("keeps copies and versions of a picture together, and tells of copies across splits", async () => {
    const names = ["a.png", "b.png", "c.png", "d.png"];
    const folder = await folderWith({ "p.csv": names.map((name) => `${name},1,2\n`).join("") }, names);
    for (const copy of ["b", "d"]) await copyFile(join(folder, "a.png"), join(folder, `${copy}.png`));
    for (const seed of [0, 1, 2, 3]) {
      const { splits, problems, groups } = await loadPointDataset(folder, { seed, valFraction: 0.5 });
      expect([splits.val.map(({ id }) => id), problems, groups]).toEqual([["c"], [], 4]);
    }
    const stated = names.map((name, i) => `${name},1,2,${i === 0 ? "val" : "train"}\n`).join("");
    await writeFile(join(folder, "p.csv"), `file,x0,y0,split\n${stated}`);
    expect((await loadPointDataset(folder)).problems).toEqual(
      ["b", "d"].map((id) => ({
        kind: "duplicate",
        file: join(folder, `${id}.png`),
        detail: `Picture \`${id}\` of train is, byte for byte, \`a\` of val: kept, but it leaks.`,
      })),
    );
    const versions = [0, 1, 2, 3].map((i) => `img${i >> 1}_jpg.rf.${`${i}`.repeat(32)}.png`);
    const table = { "p.csv": versions.map((name) => `${name},1,2\n`).join("") };
    for (const seed of [0, 1, 2, 3]) {
      const { splits } = await load(table, versions, { seed, valFraction: 0.25 });
      const [first, second] = splits.val.map(({ id }) => id.slice(0, 4));
      expect([splits.val.length, first]).toEqual([2, second]);
    }
  });

  it("takes groups from a column, or by the description's pattern", async () => {
    const column = await load({ "p.csv": "file,x0,y0,person\na.png,1,2,Ada\nb.png,1,2,Ada\n" });
    expect(column.groups).toBe(1);
    const row = (name: string) => `${name},1,2\n`;
    const names = ["7-x.png", "7-y.png", "8-x.png"];
    const gaps = "file,x0,y0,group\n7-x.png,1,2,A\n7-y.png,1,2,\n8-x.png,1,2,\n";
    expect((await load({ "p.csv": gaps }, names)).groups, "empty cells are no group").toBe(3);
    const texts = { "p.csv": names.map(row).join(""), "points.yaml": "group: '^(\\d+)-'\n" };
    expect((await load(texts, names)).groups).toBe(2);
    const both = {
      ...texts,
      "p.csv": `file,x0,y0,group\n${names.map((name) => `${name},1,2,A\n`).join("")}`,
    };
    expect((await load(both, names)).groups).toBe(2);
  });

  it("may be said to count pixels from elsewhere, within reason", async () => {
    const text = { "p.csv": "a.png,1,2\nb.png,1,2\n" };
    expect(all(await load(text, undefined, { origin: 1 }))[0].points).toEqual([[0.5, 1.5]]);
    await expect(load(text, undefined, { origin: -3 })).rejects.toThrow(
      /`origin` \(=-3\) must be a number from 0 to 2/,
    );
  });

  it("is described by a file beside it", async () => {
    const described = await load({
      "p.csv": "a.png,1,2,3,4\nb.png,1,2,3,4\n",
      "points.yaml": "points: [linkes Auge, rechtes Auge]\npairs: [[linkes Auge, rechtes Auge]]\norigin: 0\n",
    });
    expect(described.names).toEqual(["linkes Auge", "rechtes Auge"]);
    expect(described.description.pairs).toEqual([["linkes Auge", "rechtes Auge"]]);
    expect(all(described)[0].points).toEqual([
      [1.5, 2.5],
      [3.5, 4.5],
    ]); // centres of the pixels counted from 0
  });
});

describe("a column of splits", () => {
  const names = ["a.png", "b.png", "c.png", "d.png", "e.png"];
  const table = (...splits: string[]) => ({
    "p.csv": `file,x0,y0,split\n${splits.map((split, i) => `${names[i]},1,2,${split}\n`).join("")}`,
  });
  const idsOf = ({ splits }: PointDataset) =>
    [splits.train, splits.val, splits.test].map((samples) => samples.map(({ id }) => id));

  it.each([
    ["words", ["Training", "validation", "test", "train", " val2017 "]],
    ["the numbers of CelebA", ["0", "1", "2", "0", "1"]],
  ])("holds %s", async (_, splits) => {
    const dataset = await load(table(...splits), names);
    expect(idsOf(dataset)).toEqual([["a", "d"], ["b", "e"], ["c"]]);
    expect(dataset).toMatchObject({ splitSource: "files", problems: [] });
  });

  it("with an unknown word is told by its line; what is measured on is not trained with", async () => {
    const dataset = await load(table("train", "val", "evaluation", "3"), names);
    expect(idsOf(dataset)).toEqual([["a"], ["b"], []]);
    const accepted =
      "train, training, val, valid, validation, test, testing, or 0, 1, 2 (train, val, test): skipped.";
    expect(dataset.problems.map(({ kind, detail }) => [kind, detail])).toEqual([
      ["annotation-unreadable", `Line 4: split \`evaluation\` is none of ${accepted}`],
      ["annotation-unreadable", `Line 5: split \`3\` is none of ${accepted}`],
    ]);
  });
});

describe("wrong tables", () => {
  const good = "b.png,1,2,3,4\n";

  it.each([
    [
      "a row of another number of points",
      "a.png,1,2,3\n",
      "points-count",
      "Line 2: it has 4 cells, 5 are expected (2 points): skipped.",
    ],
    [
      "an unknown picture",
      "c.png,1,2,3,4\n",
      "picture-missing",
      "Line 2: picture `c.png` is not there: skipped.",
    ],
    [
      "a coordinate that is none",
      "a.png,1,two,3,4\n",
      "point-not-a-number",
      'Line 2: "two" is no coordinate: skipped.',
    ],
  ])("say of %s where it is, and go on without it", async (_, row, kind, detail) => {
    const dataset = await load({ "p.csv": good + row });
    expect(all(dataset).map(({ id }) => id)).toEqual(["b"]);
    expect(dataset.problems).toEqual([{ kind, file: expect.stringMatching(/p\.csv$/), detail }]);
  });

  it("leave a point outside of its picture out, and keep the others", async () => {
    const dataset = await load({ "p.csv": `${good}a.png,1,2,41.5,4\n` });
    expect(all(dataset)[0].points).toEqual([[1, 2], undefined]);
    expect(dataset.problems).toMatchObject([
      {
        kind: "point-outside",
        detail: "Point 2 (41.5, 4) of `a` is outside the picture of 40×30: left out.",
      },
    ]);
  });

  it.each([
    ["1,2,abc,8", "box-not-a-number", "Line 3: the box (1, 2, abc, 8) does not have 4 numbers: left out."],
    ["1,2,,8", "box-not-a-number", "Line 3: the box (1, 2, , 8) does not have 4 numbers: left out."],
    [
      "9,8,1,2",
      "box-inverted",
      "The box (9, 8, 1, 2) of `a` has its corners swapped: put right.",
      [1, 2, 9, 8],
    ],
    ["3,3,3,9", "box-empty", "The box (3, 3, 3, 9) of `a` is smaller than a pixel: left out."],
    ["50,3,60,9", "box-outside", "The box (50, 3, 60, 9) of `a` is outside the picture of 40×30: left out."],
  ])("tell of the box %s, and keep its points", async (cells, kind, detail, box?: number[]) => {
    const heads = "file,x0,y0,x1,y1,box_x1,box_y1,box_x2,box_y2\n";
    const text = `${heads}b.png,1,2,3,4,,,,\na.png,1,2,3,4,${cells}\n`;
    const dataset = await load({ "p.csv": text });
    expect(dataset.problems).toEqual([{ kind, file: expect.stringMatching(/p\.csv$/), detail }]);
    expect(all(dataset).map(({ id, points, box }) => [id, points.length, box])).toEqual([
      ["a", 2, box],
      ["b", 2, undefined],
    ]);
  });

  it("take an empty box of a picture without the thing for what it is", async () => {
    const heads = "file,x0,y0,box_x1,box_y1,box_x2,box_y2\n";
    const dataset = await load({ "p.csv": `${heads}b.png,1,2,0,0,9,9\na.png,,,0,0,0,0\n` });
    expect(dataset.problems).toEqual([]);
    expect(all(dataset).map(({ box }) => box)).toEqual([undefined, [0, 0, 9, 9]]);
  });

  it("tolerate a pixel", async () => {
    const dataset = await load({ "p.csv": `${good}a.png,-0.9,2,40.9,4\n` });
    expect(dataset.problems).toEqual([]);
  });

  it("say of a broken picture that it is, and go on", async () => {
    const folder = await folderWith({ "p.csv": `${good}a.png,1,2,3,4\n`, "a.png": "no picture" }, ["b.png"]);
    const dataset = await loadPointDataset(folder);
    expect(dataset.problems).toMatchObject([{ kind: "picture-unreadable", file: join(folder, "a.png") }]);
  });

  it.each([
    ["an empty table", "", "dataset-empty", /is empty: it must have a row for each picture/],
    ["heads alone", "file,x0,y0\n", "dataset-empty", /is empty/],
    [
      "only unknown pictures",
      "c.png,1,2\n",
      "dataset-empty",
      /no picture has a usable point.*1 picture is missing.*`c\.png` is not there/s,
    ],
    ["an odd number of coordinates", "a.png,1,2,3\n", "points-count", /3 numbers, which are no pairs/],
    [
      "x without y",
      "file,nose_x,chin_x,chin_y\na.png,1,2,3\n",
      "points-columns",
      /`nose` has no column of its y/,
    ],
    ["no points at all", "file,age\na.png,old\n", "points-columns", /no column has points/],
  ])("are refused for %s", async (_, text, code, message) => {
    await expect(load({ "p.csv": text })).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message),
    });
  });

  it.each([
    ["unknown keys", "colour: red", /key `colour` is not known/],
    ["another number of names", "points: [a]", /names 1 different points, the data have 2/],
    ["points that are none", "pairs: [[0, 7]]", /point `7`, which the data do not have/],
    [
      "a point paired twice",
      "pairs: [[0, 1], [1, 0]]",
      /pairs the point `0` twice|pairs the point `1` twice/,
    ],
    ["another origin", "origin: edge", /`origin` \(=edge\) must be a number from 0 to 2/],
    ["what is no YAML", "{[", /neither YAML nor JSON/],
  ])("are refused for a description with %s", async (_, text, message) => {
    await expect(load({ "p.csv": good, "points.yaml": text })).rejects.toThrow(message);
  });

  it("are refused where it is not clear which is meant, or none is", async () => {
    await expect(load({ "p.csv": good, "q.csv": good })).rejects.toThrow(/has `p\.csv` and `q\.csv`/);
    await expect(load({})).rejects.toThrow(/has no points \(a \.csv, COCO keypoints/);
    await expect(loadPointDataset("nowhere")).rejects.toMatchObject({ code: "folder-missing" });
  });
});
