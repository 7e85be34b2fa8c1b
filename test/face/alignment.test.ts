import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { alignFace } from "../../src/face/alignment.ts";
import { transformPoint } from "../../src/geometry/index.ts";

/** Points of five faces, and where they lie in the chips that dlib cuts (tools/golden/face-chips.ts). */
const golden: { points: [number, number][]; places: [number, number][] }[] = JSON.parse(
  readFileSync("test/golden/face-chips.json", "utf8"),
);

/** Corners of the eyes, tip of the nose, corners of the mouth. */
const LANDMARKS = [36, 39, 42, 45, 30, 48, 54];

describe("alignFace", () => {
  it.each(
    golden.map((face, i) => [i, face] as const),
  )("puts eyes, nose and mouth of face %i where dlib's chip has them", (_, { points, places }) => {
    const toChip = alignFace(points);
    for (const point of LANDMARKS) {
      const [x, y] = transformPoint(...points[point], toChip);
      // dlib fits the mean face to the picture, not the picture to it, and counts from the middles of pixels.
      expect(Math.hypot(x - places[point][0], y - places[point][1]), `point ${point}`).toBeLessThan(2.5);
    }
  });
});
