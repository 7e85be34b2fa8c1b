import { afterEach, describe, expect, it, vi } from "vitest";
import type { SplitChoice } from "../../src/cli/data-split.ts";
import { noteTrainedExamples, readAsTrained, usualPart } from "../../src/cli/measured-examples.ts";
import type { TrainedData } from "../../src/cli/trained-split.ts";

afterEach(() => vi.restoreAllMocks());

const draw = { seed: 5, valFraction: 0.2 };
const trained: TrainedData = { trainedOn: "abc", split: draw };
type Dataset = Parameters<typeof noteTrainedExamples>[2];

/** A set with so many examples to train with, validate with and test with. */
function setOf(
  [train, val, test]: readonly [number, number, number],
  fingerprint: string,
  splitSource: Dataset["splitSource"] = draw,
): Dataset {
  const some = (count: number) => new Array(count).fill(0);
  const splits = { train: some(train), val: some(val), test: some(test) };
  return { kind: "sequences", fingerprint, splitSource, splits };
}

describe("readAsTrained", () => {
  it("draws as the training did, and nothing where that drew nothing, unless it is asked for", () => {
    const asked: { seed?: number; split?: SplitChoice } = {};
    expect(readAsTrained(asked, trained)).toMatchObject(draw);
    expect(readAsTrained({ ...asked, seed: 3 }, trained)).toMatchObject({ seed: 3, valFraction: 0.2 });
    expect(readAsTrained(asked, { trainedOn: "abc", split: "files" })).toMatchObject({
      seed: 0,
      valFraction: 0,
    });
    const val = readAsTrained({ ...asked, split: "val" }, { trainedOn: "abc", split: "files" });
    expect(val.valFraction).toBeUndefined();
    expect(readAsTrained(asked, {})).toMatchObject({ seed: 0 }); // of a file of an older version
  });
});

describe("usualPart", () => {
  it.each([
    ["what was drawn from the training's data", setOf([8, 2, 0], "abc"), "val"],
    ["all of other data", setOf([8, 2, 0], "def"), "all"],
    ["what the data name to test with", setOf([8, 2, 3], "abc"), "test"],
    ["what other data name to test with", setOf([8, 2, 3], "def"), "test"],
    ["what the data name to validate with", setOf([8, 2, 3], "abc", "files"), "val"],
    ["all of what nothing was kept back of", setOf([10, 0, 0], "abc", "files"), "all"],
  ] as const)("is %s", (_, dataset, part) => {
    expect(usualPart(dataset, trained)).toBe(part);
  });

  it("goes on for files that do not say how they were split", () => {
    expect(usualPart(setOf([8, 2, 0], "abc"), { trainedOn: "abc" })).toBe("val");
    expect(usualPart(setOf([8, 2, 0], "abc"), {})).toBe("all");
  });
});

describe("noteTrainedExamples", () => {
  const said = (dataset: Dataset, given: TrainedData = trained, asked?: SplitChoice): string => {
    const written: string[] = [];
    vi.spyOn(process.stderr, "write").mockImplementation((text) => written.push(String(text)) > 0);
    const part = asked ?? usualPart(dataset, given);
    noteTrainedExamples({ model: "best.onnx", data: "waves.tsv", part, asked }, given, dataset, {});
    return written.join("");
  };

  it("tells of a model that was trained on all of them", () => {
    const folds = said(setOf([8, 2, 0], "abc"), { ...trained, trainedOn: "abc, all" });
    expect(folds).toMatch(
      /^waves\.tsv: best\.onnx was trained on these sequences, and none .*cross-validation/,
    );
    const whole = said(setOf([10, 0, 0], "abc", "files"), { trainedOn: "abc", split: "files" });
    expect(whole).toMatch(/trained on these sequences, and none was kept back/);
    expect(whole).not.toContain("cross-validation");
  });

  it("tells of examples that may have been trained on", () => {
    expect(said(setOf([8, 2, 0], "def"), trained, "val")).toMatch(
      /its sequences to validate with are drawn \(seed 5\)/,
    );
    const otherSeed = said(setOf([8, 2, 0], "def", { seed: 1, valFraction: 0.2 }));
    expect(otherSeed).toMatch(
      /measured on all of it; should it be the data of best\.onnx's training, .* leave out --seed/,
    );
    expect(said(setOf([8, 2, 0], "def"), { trainedOn: "abc" })).toMatch(
      /measured on all of it; .* give the --seed/,
    );
  });

  it.each<[string, Dataset, TrainedData, Parameters<typeof said>[2]]>([
    ["what was kept back", setOf([8, 2, 0], "abc"), trained, undefined],
    ["other data", setOf([8, 2, 0], "def"), trained, undefined],
    [
      "other data of a training that drew nothing",
      setOf([10, 0, 0], "def", "files"),
      { ...trained, split: "files" },
      undefined,
    ],
    ["a test part", setOf([8, 2, 3], "abc"), { ...trained, trainedOn: "abc, all" }, undefined],
    ["what is asked for", setOf([8, 2, 0], "abc"), trained, "train"],
    ["a model that says nothing", setOf([8, 2, 0], "def"), {}, undefined],
  ])("is silent about %s", (_, dataset, given, asked) => {
    expect(said(dataset, given, asked)).toBe("");
  });
});
