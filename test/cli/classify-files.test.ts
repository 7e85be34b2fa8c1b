import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import { afterAll, afterEach, beforeAll, expect, it, vi } from "vitest";
import { Classifier } from "../../src/classify/index.ts";
import { classifyCommand } from "../../src/cli/commands/classify-files.ts";
import { FoveaError } from "../../src/core/index.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "fovea-classify-"));
  const picture = sharp({ create: { width: 40, height: 30, channels: 3, background: "#48c" } });
  await mkdir(join(folder, "two"));
  for (const name of ["a.png", "b.png"]) await picture.png().toFile(join(folder, "two", name));
  await writeFile(join(folder, "good.csv"), "1,2,3\n4,5,6\n");
  await mkdir(join(folder, "tables"));
  for (const name of ["10.csv", "2.csv"]) await writeFile(join(folder, "tables", name), "1\n");
  await writeFile(join(folder, "bad.csv"), "1,2,3\n4,x,6\n7,8,9\n");
});
afterAll(() => rm(folder, { recursive: true }));
afterEach(() => vi.restoreAllMocks());

const usual = async () => ({ label: "thing", score: 1, guesses: [] });

/** What the command prints with `--json`, and what it throws; the classifier is made up. */
async function classify(kind: string, shape: number[], patterns: string[], quiet = true, answer = usual) {
  const written: string[] = [];
  vi.spyOn(process.stdout, "write").mockImplementation((text) => written.push(String(text)) > 0);
  vi.spyOn(Classifier, "load").mockResolvedValue({
    card: { kind, shape, layout: "lines", classes: ["thing"] },
    classify: answer,
    classifyValues: answer,
    close: async () => {},
  } as never);
  const paths = patterns.map((pattern) => `${folder}/${pattern}`);
  const options = { model: "made-up.onnx", top: 1, quiet, json: true, device: "cpu" } as const;
  const error: unknown = await classifyCommand(paths, options as never).catch((thrown) => thrown);
  const { answers, failures } = JSON.parse(written.join(""));
  const files = answers.map(({ file }: { file: string }) => file.slice(folder.length + 1));
  return { error, files, failures };
}

it("does a picture once that is named several times", async () => {
  const patterns = ["two", "two/a.png", "two/../two/a.png"];
  const { error, files } = await classify("pictures", [3, 32, 32], patterns);
  expect([error, files]).toEqual([undefined, [expect.stringMatching(/a\.png$/), "two/b.png"]]);
});

it("goes on after a picture that cannot be looked at", async () => {
  const fault = new FoveaError("picture-too-large", "The picture is too large.");
  const answer = vi.fn(usual).mockRejectedValueOnce(fault);
  const { error, files, failures } = await classify("pictures", [3, 32, 32], ["two"], true, answer);
  const message = `${folder}/two/a.png: The picture is too large.`;
  expect([files, failures]).toEqual([["two/b.png"], [{ code: "picture-too-large", message }]]);
  expect(error).toBeInstanceOf(AggregateError);
});

it("does a table once that is named several times", async () => {
  const { error, files } = await classify("sequences", [1, 3], ["good.csv", "two/../good.csv"]);
  expect([error, files.length]).toEqual([undefined, 2]);
});

it("does the good lines of a table, and fails of the others", async () => {
  const { error, files, failures } = await classify("sequences", [1, 3], ["bad.csv", "good.csv"]);
  expect(files).toEqual(["bad.csv:1", "bad.csv:3", "good.csv:1", "good.csv:2"]);
  expect(failures).toEqual([
    { code: "example-unreadable", message: expect.stringMatching(/^Line 2 of .*bad\.csv. is no sequence: /) },
  ]);
  expect((error as AggregateError).errors).toHaveLength(1);
});

it.each(["tables", "tables/*.csv"])("does the tables of a folder or pattern: %s", async (pattern) => {
  const said: string[] = [];
  vi.spyOn(process.stderr, "write").mockImplementation((text) => said.push(String(text)) > 0);
  const { error, files } = await classify("sequences", [1, 3], [pattern], false);
  expect([error, files]).toEqual([undefined, ["tables/2.csv:1", "tables/10.csv:1"]]);
  expect(said.join("")).toMatch(
    /^2 sequences shorter than the 3 time steps of the model, filled up .*2\.csv:1$/m,
  );
  expect(said.join("")).toMatch(
    /^2 of them have less than half of these time steps, for example .*2\.csv:1: unless/m,
  );
});

it("says of folders and patterns that hold no volumes", async () => {
  const { error, failures } = await classify("volumes", [1, 1, 1, 3], ["tables", "tables/*.csv", "gone.npy"]);
  expect((error as AggregateError).errors).toHaveLength(3);
  expect(failures.map(({ code }: { code: string }) => code)).toEqual([
    "folder-empty",
    "dataset-missing",
    "dataset-missing",
  ]);
});
