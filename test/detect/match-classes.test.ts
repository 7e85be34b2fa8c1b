import { describe, expect, it } from "vitest";
import { matchClasses, requireKnown } from "../../src/detect/match-classes.ts";

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

describe("requireKnown", () => {
  it("does not mind classes that no box is of", () => {
    expect(() => requireKnown(new Set([1]), [-1, 0], ["lorry", "cat"], ["cat"])).not.toThrow();
  });

  it("names a labelled class that the model does not know", () => {
    expect(() => requireKnown(new Set([0]), [-1], ["lorry"], ["cat", "dog"])).toThrow(
      'The data set has the class "lorry", but the model knows only cat, dog.',
    );
  });
});
