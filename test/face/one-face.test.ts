import { describe, expect, it } from "vitest";
import { type Face, oneFace } from "../../src/face/index.ts";

const face = (side: number, x = 0): Face => ({
  box: [x, 0, x + side, side],
  score: 0.9,
  points: [],
  encoding: new Float32Array(128),
});

describe("oneFace", () => {
  it("takes the only one", () => {
    const only = face(10);
    expect(oneFace([only], "a.jpg")).toBe(only);
  });

  it("does not mind passers-by", () => {
    const large = face(100);
    expect(oneFace([face(20), large, face(39)], "a.jpg")).toBe(large);
  });

  it("refuses to guess between two", () => {
    expect(() => oneFace([face(100), face(60, 200)], "pair.jpg")).toThrow(
      expect.objectContaining({
        code: "faces-ambiguous",
        message: expect.stringMatching(/`pair.jpg` shows 2 faces where one is needed.*--largest/),
      }),
    );
  });

  it("takes the largest when told to", () => {
    const large = face(100);
    expect(oneFace([face(60, 200), large], "pair.jpg", { largest: true })).toBe(large);
  });

  it("says that there is none", () => {
    expect(() => oneFace([], "wall.jpg")).toThrow(
      expect.objectContaining({
        code: "face-missing",
        message: expect.stringMatching(/`wall.jpg` shows no face/),
      }),
    );
  });
});
