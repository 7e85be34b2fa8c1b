import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { alignFace } from "../../src/face/alignment.ts";
import { transformPoint } from "../../src/geometry/index.ts";

/** Points of five faces, and where they lie in the chips that dlib cuts (tools/golden/face-chips.ts). */
const golden: { points: [number, number][]; places: [number, number][] }[] = JSON.parse(
  readFileSync("test/golden/face-chips.json", "utf8"),
);

describe("alignFace", () => {
  it.each(
    golden.map((face, i) => [i, face] as const),
  )("puts each point of face %i where dlib's chip has them", (_, { points, places }) => {
    // dlib counts from the middles of pixels, Fovea from their edges.
    const toChip = alignFace(points.map(([x, y]) => [x + 0.5, y + 0.5]));
    for (const [point, [x, y]] of points.entries()) {
      const place = transformPoint(x + 0.5, y + 0.5, toChip);
      expect(place[0], `point ${point}`).toBeCloseTo(places[point][0] + 0.5, 1);
      expect(place[1], `point ${point}`).toBeCloseTo(places[point][1] + 0.5, 1);
    }
  });

  it.each([
    ["in one place", 0],
    ["within a pixel", 0.4],
  ])("refuses points %s", (_, size) => {
    const points = Array.from({ length: 68 }, (_, i): [number, number] => [7 + (i % 2) * size, 9]);
    expect(() => alignFace(points)).toThrow(
      expect.objectContaining({
        code: "points-degenerate",
        message:
          "The 68 points of a face lie in one place (7.4, 9), or nearly: its turn and size cannot be told.".replace(
            "7.4",
            `${7 + size}`,
          ),
      }),
    );
  });
});
