import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { drawnAsTrained, noteOtherSplit, trainedData } from "../../src/cli/trained-split.ts";
import { encodeModel, Graph, relu } from "../../src/graph/index.ts";
import { cardToMetadata } from "../../src/models/index.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "fovea-split-"));
});
afterAll(() => rm(folder, { recursive: true }));
afterEach(() => vi.restoreAllMocks());

async function modelOf(card: object): Promise<string> {
  const graph = new Graph();
  const path = join(folder, "best.onnx");
  const outputs = { y: relu(graph.input("x", [1, 2])) };
  await writeFile(path, encodeModel({ outputs, metadata: cardToMetadata(card) }));
  return path;
}

const split = { seed: 7, valFraction: 0.3 };

describe("drawnAsTrained", () => {
  it("draws as the training did where nothing is asked for", async () => {
    const trained = await trainedData(await modelOf({ task: "detect", trainedOn: "abc", split }));
    expect(trained).toMatchObject({ trainedOn: "abc", split });
    expect(drawnAsTrained({}, trained)).toEqual(split);
    expect(drawnAsTrained({ seed: 0 }, trained)).toEqual({ seed: 0, valFraction: 0.3 });
    expect(drawnAsTrained({ valFraction: 0.1 }, trained)).toEqual({ seed: 7, valFraction: 0.1 });
  });

  it("knows nothing of files of older versions, of splits from files and of names", async () => {
    const usual = { seed: 0, valFraction: undefined };
    expect(drawnAsTrained({}, await trainedData(await modelOf({ trainedOn: "abc" })))).toEqual(usual);
    expect(drawnAsTrained({}, await trainedData(await modelOf({ split: "files" })))).toEqual(usual);
    expect(drawnAsTrained({}, await trainedData("coco"))).toEqual(usual);
  });
});

describe("noteOtherSplit", () => {
  const what = { model: "best.onnx", data: "cells", split: "val" } as const;
  const drawn = { splitSource: { seed: 0, valFraction: 0.2 }, splits: { train: [1], val: [2], test: [] } };
  const said = (...args: Parameters<typeof noteOtherSplit>) => {
    const written: string[] = [];
    vi.spyOn(process.stderr, "write").mockImplementation((text) => written.push(String(text)) > 0);
    noteOtherSplit(...args);
    return written.join("");
  };

  it("tells of pictures that may have been trained on", () => {
    expect(said(what, { trainedOn: "abc" }, drawn, ["def"], {})).toMatch(/^cells: .*seed 0.*best\.onnx/);
  });

  it.each<[string, Partial<Parameters<typeof noteOtherSplit>[0]>, string | undefined, object]>([
    ["the same draw", {}, "def", {}],
    ["a model that does not say", {}, undefined, {}],
    ["another split", { split: "test" }, "abc", {}],
    ["splits from files", {}, "abc", { splitSource: "files" }],
  ])("is silent about %s", (_, change, trainedOn, other) => {
    expect(said({ ...what, ...change }, { trainedOn }, { ...drawn, ...other }, ["def"], {})).toBe("");
  });
});
