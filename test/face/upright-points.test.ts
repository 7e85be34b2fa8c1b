import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { uprightPoints } from "../../src/face/upright-points.ts";
import type { Picture } from "../../src/image/index.ts";
import type { Landmarker } from "../../src/landmarks/index.ts";

type Points = [x: number, y: number][];

const [{ points: upright }]: { points: Points }[] = JSON.parse(
  readFileSync("test/golden/face-chips.json", "utf8"),
);
/** Turned by a quarter. */
const leaning: Points = upright.map(([x, y]) => [-y, x]);
const picture: Picture = { width: 8, height: 8, data: new Uint8Array(8 * 8 * 3) };
const inOnePlace: Points = upright.map(() => [5, 5]);

/** Finds in each look the next of what it is given. */
const landmarker = (...looks: Points[]) =>
  ({ locate: async () => looks.splice(0, 1).map((points) => ({ points })) }) as unknown as Landmarker;

it("keeps the points of a leaning face whose further look yields points in one place", async () => {
  const box = [0, 0, 8, 8] as const;
  expect(await uprightPoints(picture, [...box], leaning, landmarker(inOnePlace))).toEqual(leaning);
  const second = await uprightPoints(picture, [...box], leaning, landmarker(leaning));
  expect(second).not.toEqual(leaning);
  expect(await uprightPoints(picture, [...box], leaning, landmarker(leaning, inOnePlace))).toEqual(second);
});

it("refuses first points in one place", async () => {
  await expect(uprightPoints(picture, [0, 0, 8, 8], inOnePlace, landmarker())).rejects.toMatchObject({
    code: "points-degenerate",
  });
});
