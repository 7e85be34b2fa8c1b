import { describe, expect, it } from "vitest";
import type { PointDataset } from "../../src/data/index.ts";
import { bodyPoints, eyesOf, facePoints, mirrorPairs, schemeOfData } from "../../src/landmarks/index.ts";

describe("mirrorPairs", () => {
  it.each([
    [["left_eye", "right_eye", "nose"], [[0, 1]]],
    [["RightWrist", "nose", "LeftWrist"], [[0, 2]]],
    [
      ["l-hip", "r-hip", "eye left inner", "eye right inner"],
      [
        [0, 1],
        [2, 3],
      ],
    ],
  ])("pairs %j by their names", (names, pairs) => {
    expect(mirrorPairs(names)).toEqual(pairs);
  });

  it("does not know where no name tells a side, or a side has no counterpart", () => {
    expect(mirrorPairs(["a", "b"])).toBeUndefined();
    expect(mirrorPairs(["left_eye", "nose"])).toBeUndefined();
    expect(mirrorPairs(["cleft", "bright"])).toBeUndefined();
  });
});

describe("the scheme of 68 points", () => {
  it("pairs each point with its counterpart once, the middle with none", () => {
    const { pairs, names, eyes } = facePoints;
    const paired = pairs!.flat();
    expect(new Set(paired).size).toBe(paired.length);
    const middle = names.flatMap((name, i) => (paired.includes(i) ? [] : [name]));
    expect(middle).toEqual([
      "jaw 9",
      ...[1, 2, 3, 4].map((i) => `nose bridge ${i}`),
      "nose 3",
      "outer lip 4",
      "outer lip 10",
      "inner lip 3",
      "inner lip 7",
    ]);
    const side = (i: number) => names[i].split(" ")[0];
    for (const [a, b] of pairs!) {
      if (side(a) === "right") expect(side(b)).toBe("left");
    }
    expect(eyes).toEqual([36, 45]);
  });

  it("pairs the joints of bodies by name", () => {
    expect(bodyPoints.pairs).toHaveLength(8);
  });
});

describe("schemeOfData", () => {
  const data = (changes: Partial<PointDataset>) =>
    ({ named: true, description: {}, ...changes }) as PointDataset;
  const numbers = (count: number) => Array.from({ length: count }, (_, i) => `${i}`);

  it("takes 68 points without names for those of a face, and knows nothing of others", () => {
    expect(schemeOfData(data({ names: numbers(68), named: false }))).toEqual(facePoints);
    const { pairs, eyes, lines } = schemeOfData(data({ names: numbers(5), named: false }));
    expect([pairs, eyes, lines]).toEqual([undefined, undefined, []]);
  });

  it("lets the description have its way", () => {
    const description = {
      pairs: [],
      lines: [["a", "b"]],
      interocular: ["b", "c"],
    } as PointDataset["description"];
    const scheme = schemeOfData(data({ names: ["a", "b", "c"], description }));
    expect(scheme).toEqual({ names: ["a", "b", "c"], pairs: [], lines: [[0, 1]], eyes: [1, 2] });
  });

  it("knows COCO's joints, by which errors are not measured", () => {
    const names = bodyPoints.names.map((name) => name.replaceAll(" ", "_"));
    expect(schemeOfData(data({ names }))).toMatchObject({ pairs: bodyPoints.pairs, eyes: undefined });
  });

  it("finds the eyes by name", () => {
    expect(eyesOf(["left_eye", "right_eye", "nose"])).toEqual([0, 1]);
    expect(eyesOf(["left_eye_inner", "left_eye_outer", "right_eye_inner", "right_eye_outer"])).toEqual([
      1, 3,
    ]);
    expect(eyesOf(["left_eye_center", "right_eye_center", "left_eye_inner", "right_eye_inner"])).toEqual([
      0, 1,
    ]);
    expect(eyesOf(["left_brow", "right_brow"])).toBeUndefined();
  });
});
