import { expect, it } from "vitest";
import { alignClasses } from "../../src/cli/align-classes.ts";
import type { DetectionSample } from "../../src/data/index.ts";

function sample(...classIndices: number[]): DetectionSample {
  const boxes = classIndices.map((classIndex) => ({
    classIndex,
    box: [0, 0, 1, 1] as const,
    difficult: true,
  }));
  return { id: "a", path: "/a.jpg", width: 2, height: 2, boxes };
}

it("matches classes by name and leaves the given samples alone", () => {
  const given = [sample(0, 1, 1), sample()];
  expect(alignClasses(given, ["dog", "cat"], ["bird", "cat", "dog"])).toEqual([sample(2, 1, 1), sample()]);
  expect(given).toEqual([sample(0, 1, 1), sample()]);
});

it("does not mind classes that no box is of", () => {
  expect(alignClasses([sample(1)], ["lorry", "cat"], ["cat"])).toEqual([sample(0)]);
});

it("names a labelled class that the model does not know", () => {
  expect(() => alignClasses([sample(0)], ["lorry"], ["cat", "dog"])).toThrow(
    'The data set has the class "lorry", but the model knows only cat, dog.',
  );
});
