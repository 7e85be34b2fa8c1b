import { describe, expect, it } from "vitest";
import type { DetectionSample } from "../../src/data/index.ts";
import { classesInCommon, matchClasses } from "../../src/detect/match-classes.ts";

describe("matchClasses", () => {
  it("finds classes by name, wherever they stand", () => {
    expect(matchClasses(["dog", "cat"], ["bird", "cat", "dog"])).toEqual([2, 1]);
  });

  it("does not mind case, spaces and other names for the same", () => {
    const model = ["tv", "potted plant", "Hot-Dog", "couch", "airplane"];
    expect(matchClasses(["tvmonitor", "pottedplant", "hot dog", "sofa", "aeroplane"], model)).toEqual([
      0, 1, 2, 3, 4,
    ]);
  });

  it("prefers the very name", () => {
    expect(matchClasses(["tv"], ["television", "tv"])).toEqual([1]);
  });

  it("has none for what the model does not know", () => {
    expect(matchClasses(["lorry"], ["cat"])).toEqual([-1]);
  });
});

describe("classesInCommon", () => {
  const sample = (...classIndices: number[]): DetectionSample => ({
    id: "a",
    path: "/a.jpg",
    width: 2,
    height: 2,
    boxes: classIndices.map((classIndex) => ({ classIndex, box: [0, 0, 1, 1] as const, difficult: false })),
  });

  it("are those of both, in the model's order, as the data set calls them", () => {
    const common = classesInCommon([sample(0, 2)], ["sofa", "lorry", "cat"], ["bird", "cat", "couch"]);
    expect(common).toEqual({ names: ["cat", "sofa"], data: [1, -1, 0], model: [-1, 0, 1] });
  });

  it("are one where the model does not tell those of the data set apart", () => {
    const common = classesInCommon([sample(0, 3)], ["Car", "sofa", "couch", "car"], ["couch", "bird", "car"]);
    expect(common).toEqual({ names: ["sofa / couch", "Car / car"], data: [1, 0, 0, 1], model: [0, -1, 1] });
  });

  it("names a labelled class that the model does not know", () => {
    expect(() => classesInCommon([sample(0)], ["lorry"], ["cat", "dog"])).toThrow(
      'The data set has the class "lorry", but the model knows only cat, dog.',
    );
  });
});
