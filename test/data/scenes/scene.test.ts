import { describe, expect, test } from "vitest";
import { composeScene } from "../../../src/data/scenes/compose.ts";
import { generateScene, type Scene, type SceneOptions } from "../../../src/data/scenes/index.ts";
import { completeOptions } from "../../../src/data/scenes/scene.ts";

const many = (count: number, options: SceneOptions = {}): Scene[] =>
  Array.from({ length: count }, (_, index) => generateScene(index, options));

/** The boxes of many scenes, without drawing them. */
const boxesOf = (count: number, options: SceneOptions): Scene["boxes"][] =>
  Array.from({ length: count }, (_, index) => composeScene(index, completeOptions(index, options)).boxes);

describe("generateScene", () => {
  test("gives a picture of 320 × 256 that is not of one colour", () => {
    const { picture } = generateScene(0);
    expect([picture.width, picture.height]).toEqual([320, 256]);
    expect(picture.data.length).toBe(320 * 256 * 3);
    expect(new Set(picture.data).size).toBeGreaterThan(50);
  });

  test("gives the same scene for the same index and seed, whatever was made before", () => {
    const first = generateScene(7, { seed: 3 });
    many(3, { seed: 1 });
    const again = generateScene(7, { seed: 3 });
    expect(again.boxes).toEqual(first.boxes);
    expect(Buffer.compare(again.picture.data, first.picture.data)).toBe(0);
  });

  test("gives another scene for another index or seed", () => {
    const { picture } = generateScene(7, { seed: 3 });
    for (const other of [generateScene(8, { seed: 3 }), generateScene(7, { seed: 4 })])
      expect(Buffer.compare(other.picture.data, picture.data)).not.toBe(0);
  });

  test("draws up to eight objects, all classes about as often, and a few empty scenes", () => {
    const scenes = boxesOf(150, { seed: 2 });
    const counts = scenes.map((boxes) => boxes.length);
    expect(Math.max(...counts)).toBeLessThanOrEqual(8);
    expect(Math.max(...counts)).toBeGreaterThan(5);
    const empty = counts.filter((count) => count === 0).length;
    expect(empty).toBeGreaterThan(0);
    expect(empty).toBeLessThan(20);
    const classes = scenes.flatMap((boxes) => boxes.map(({ classIndex }) => classIndex));
    for (const classIndex of [0, 1, 2])
      expect(classes.filter((each) => each === classIndex).length / classes.length).toBeGreaterThan(0.22);
  });

  test("draws objects from 18 pixels to 70 % of the picture's height", () => {
    const heights = boxesOf(150, { seed: 4 }).flatMap((boxes) => boxes.map(({ box }) => box[3] - box[1]));
    expect(Math.max(...heights)).toBeLessThanOrEqual(0.7 * 256);
    expect(Math.max(...heights)).toBeGreaterThan(0.45 * 256);
    expect(Math.min(...heights)).toBeLessThan(26);
  });

  test("draws exactly one object with `maxObjects` 1 and no empty scenes, and none with `maxObjects` 0", () => {
    for (const boxes of boxesOf(60, { maxObjects: 1, emptyShare: 0 })) expect(boxes).toHaveLength(1);
    for (const boxes of boxesOf(5, { maxObjects: 0, emptyShare: 0 })) expect(boxes).toHaveLength(0);
  });

  test.each([
    [64, 64],
    [640, 160],
    [200, 480],
  ])("draws pictures of %i × %i", (width, height) => {
    for (const { picture, boxes } of many(8, { width, height, emptyShare: 0 })) {
      expect([picture.width, picture.height]).toEqual([width, height]);
      expect(boxes.length).toBeGreaterThan(0);
    }
  });

  test.each<[SceneOptions, string]>([
    [{ width: 63 }, "`width` (=63)"],
    [{ height: 9000 }, "`height` (=9000)"],
    [{ maxObjects: -1 }, "`maxObjects` (=-1)"],
    [{ seed: 0.5 }, "`seed` (=0.5)"],
    [{ emptyShare: 2 }, "`emptyShare` (=2)"],
  ])("refuses %o", (options, message) => {
    expect(() => generateScene(0, options)).toThrow(expect.objectContaining({ code: "scene-option" }));
    expect(() => generateScene(0, options)).toThrow(message);
  });
});
