import { describe, expect, it } from "vitest";
import { nearestNames } from "../../src/core/index.ts";

describe("nearestNames", () => {
  it("begins with the name of fewest changed letters, whatever their case", () => {
    expect(nearestNames("Conv1", ["relu", "convs", "CONV2x"], 2)).toEqual(["convs", "CONV2x"]);
  });

  it("takes a name that holds what was asked for to be nearer than any other", () => {
    expect(nearestNames("5.0", ["4.0", "stage5.0.expand"], 1)).toEqual(["stage5.0.expand"]);
  });

  it("has as many as there are", () => {
    expect(nearestNames("a", ["b"])).toEqual(["b"]);
    expect(nearestNames("a", [])).toEqual([]);
  });
});
