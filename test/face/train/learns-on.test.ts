import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { tensor } from "../../../src/core/index.ts";
import type { Problem } from "../../../src/data/index.ts";
import type { FaceAlignment } from "../../../src/face/chip.ts";
import { FaceEncoder } from "../../../src/face/encoder.ts";
import { chooseRecipe } from "../../../src/face/train/choose-recipe.ts";
import type { FaceRun } from "../../../src/face/train/face-run.ts";
import { NotedFaces } from "../../../src/face/train/find-faces.ts";
import { loadPeople } from "../../../src/face/train/people.ts";
import { SiameseHead } from "../../../src/face/train/siamese-head.ts";
import { encodeModel, Graph, gemm, readModel, reshape } from "../../../src/graph/index.ts";
import { decodePicture } from "../../../src/image/index.ts";
import { cardToMetadata, withAnyBatch } from "../../../src/models/index.ts";
import { writePeople } from "./drawn-people.ts";
import { trainDrawn } from "./train-drawn.ts";

let folder: string;
let data: string;
let base: FaceRun;
const out = (name: string) => join(folder, "runs", name);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "fovea-face-on-"));
  data = join(folder, "people");
  await writePeople(data, Array<number>(24).fill(4));
  base = await trainDrawn({ data, out: out("base"), epochs: 8, valPeople: 0.5 });
}, 120_000);
afterAll(() => rm(folder, { recursive: true }));
afterEach(() => vi.restoreAllMocks());

/** Constants of a model's file by name, their bytes as text. */
async function constantsOf(path: string): Promise<Map<string, string>> {
  const { initializer } = readModel(await readFile(path)).graph;
  return new Map(initializer.map(({ name, rawData }) => [name, Buffer.from(rawData).toString("base64")]));
}

/** An encoder whose encodings are all the same: its matrix is 0. */
async function writeConstantEncoder(bias: number, alignment: FaceAlignment = "none"): Promise<string> {
  const graph = new Graph();
  const pictures = graph.input("pictures", [1, 3, 8, 8]);
  const weight = graph.constant(tensor(new Float32Array(16 * 192), [16, 192]), "weight");
  const offset = graph.constant(tensor(new Float32Array(16).fill(bias)), "bias");
  const descriptors = gemm(reshape(pictures, [-1, 192]), weight, false, true, offset);
  const card = { task: "describe", model: "constant", side: 8, size: 16, alignment };
  const path = join(folder, `constant-${bias}-${alignment}.onnx`);
  await writeFile(
    path,
    withAnyBatch(encodeModel({ outputs: { descriptors }, metadata: cardToMetadata(card), shapes: false })),
  );
  return path;
}

describe("last layers of a trained encoder", () => {
  it("learn on, and the others stay as they are", async () => {
    const run = await trainDrawn({
      data,
      out: out("layers"),
      base: base.best,
      layers: 1,
      epochs: 10,
      size: undefined,
      learningRate: 2e-3,
      stay: 0,
      seed: 5, // other people are kept apart
    });
    expect(run.recipe).toMatchObject({ side: 32, size: 32, normalized: true, alignment: "none" });
    const { records } = run.notes;
    expect(records.at(-1)!.loss).toBeLessThan(0.8 * records[0].loss);
    expect(run.evaluation!.eer).toBeLessThanOrEqual(run.before!.eer);
    const [before, after] = [await constantsOf(base.best), await constantsOf(run.best)];
    expect([...after.keys()].sort()).toEqual([...before.keys()].sort());
    const moved = [...after].filter(([name, bytes]) => before.get(name) !== bytes).map(([name]) => name);
    expect(moved.sort()).toEqual(["head.weight", "norm.offset", "norm.scale"]);
    // The whole file says what was measured on features alone.
    const encoder = await FaceEncoder.load(run.best, { threads: 1 });
    const picture = await decodePicture(run.people.val[0].pictures[0].bytes.file);
    const [encoding] = await encoder.encode(picture, [[]]);
    await encoder.close();
    for (const [k, value] of encoding.entries())
      expect(value).toBeCloseTo(run.evaluation!.encodings[0][k], 4);
  });

  it("stay where they were where moving costs much", async () => {
    const common = { data, base: base.best, layers: 1, epochs: 6, size: undefined, learningRate: 2e-3 };
    const free = await trainDrawn({ ...common, out: out("free"), stay: 0 });
    const held = await trainDrawn({ ...common, out: out("held"), stay: 100 });
    const start = await weightsOf(base.best);
    const moved = async ({ last }: FaceRun) =>
      (await weightsOf(last)).reduce((sum, value, i) => sum + (value - start[i]) ** 2, 0);
    expect(await moved(held)).toBeLessThan(0.2 * (await moved(free)));
  });
});

async function weightsOf(path: string): Promise<number[]> {
  const { initializer } = readModel(await readFile(path)).graph;
  const { rawData } = initializer.find(({ name }) => name === "head.weight")!;
  return Array.from(new Float32Array(Uint8Array.from(rawData).buffer));
}

describe("a head on an encoder as it is", () => {
  it("learns to judge its encodings, and is all that is left", async () => {
    const run = await trainDrawn({
      data,
      out: out("frozen"),
      base: base.best,
      freeze: true,
      loss: "binary-chi2",
      epochs: 10,
      size: undefined,
      learningRate: 2e-2,
    });
    expect(run.recipe.head).toMatchObject({ form: "chi2", split: true });
    const head = await SiameseHead.load(run.best, { threads: 1 });
    const encoder = await FaceEncoder.load(base.best, { threads: 1 });
    expect(head.card.encoder).toBe(encoder.model.digest);
    const { encodings, pairs } = run.evaluation!;
    const { a, b, distance } = pairs[7];
    expect(1 - (await head.probability(encodings[a], encodings[b]))).toBeCloseTo(distance, 5);
    expect(await readFile(run.head!)).toEqual(await readFile(run.best));
    expect(run.notes.records.at(-1)!.loss).toBeLessThan(run.notes.records[0].loss);
    await Promise.all([head.close(), encoder.close()]);
  });
});

describe("a head on an encoder that aligns faces", () => {
  it("learns from aligned faces, though they are cut out already, and from no others", async () => {
    const people = await loadPeople(data);
    const noted = await NotedFaces.open(join(folder, "noted.json"), { threads: 1 });
    const choice = { base: await writeConstantEncoder(1, "dlib"), freeze: true, loss: "binary" } as const;
    expect((await chooseRecipe(people, choice, noted)).alignment).toBe("dlib");
    await expect(chooseRecipe(people, { ...choice, crop: "none" }, noted)).rejects.toMatchObject({
      code: "argument-range",
      message: expect.stringMatching(/finds and aligns faces.*leave --crop none out/),
    });
    const whole = { ...choice, base: base.best };
    expect((await chooseRecipe(people, whole, noted)).alignment).toBe("none");
    await expect(chooseRecipe(people, { ...whole, crop: "face" }, noted)).rejects.toMatchObject({
      message: expect.stringMatching(/takes pictures whole.*leave --crop face out/),
    });
    await noted.close();
  });
});

describe("a training that collapses", () => {
  it.each([
    [0, /f = 0/],
    [1, /f = const/],
  ])("is ended and says so (all encodings %d)", async (bias, what) => {
    const name = `collapsed-${bias}`;
    const common = { data, out: out(name), size: undefined, side: undefined, epochs: 40 };
    const trained = trainDrawn({
      ...common,
      base: await writeConstantEncoder(bias),
      layers: 1,
      learningRate: 1e-12,
    });
    await expect(trained).rejects.toMatchObject({
      code: "encodings-collapsed",
      message: expect.stringMatching(what),
    });
    const csv = await readFile(join(out(name), "results.csv"), "utf8");
    expect(csv.trim().split("\n").length).toBeLessThan(20); // long before the end
    expect((await readFile(join(out(name), "checkpoint.fovea"))).length).toBeGreaterThan(1000);
  });
});

describe("pictures that cannot be used", () => {
  it("are left out and told", async () => {
    const broken = join(folder, "broken");
    await writePeople(broken, Array<number>(6).fill(4));
    await writeFile(join(broken, "person-00", "0.png"), "no picture");
    const problems: Problem[] = [];
    const run = await trainDrawn({
      data: broken,
      out: out("broken"),
      valPeople: 0,
      people: 4,
      epochs: 1,
      onProblem: (problem) => problems.push(problem),
    });
    expect(problems).toMatchObject([
      { kind: "picture-unreadable", file: join(broken, "person-00", "0.png") },
    ]);
    // Nobody is kept apart: no figures, but a model.
    expect([run.before, run.evaluation, run.report]).toEqual([undefined, undefined, undefined]);
    expect(run.notes.records[0].eer).toBeUndefined();
    await (await FaceEncoder.load(run.best)).close();
  });

  it("are too many where nobody is left", async () => {
    const empty = join(folder, "empty");
    await writePeople(empty, [2, 2, 2]);
    for (const person of [0, 1])
      for (const i of [0, 1]) await writeFile(join(empty, `person-0${person}`, `${i}.png`), "no picture");
    await expect(
      trainDrawn({ data: empty, out: out("empty"), valPeople: 0, people: 3 }),
    ).rejects.toMatchObject({
      code: "faces-too-few",
    });
  });
});

describe("what does not fit together", () => {
  it.each([
    [{ freeze: true, base: "BASE" }, "argument-range", /Nothing is left to learn/],
    [
      { freeze: true, loss: "binary", base: "none" },
      "argument-range",
      /A head alone is trained on an encoder/,
    ],
    [{ layers: 2, base: "fovea-nano" }, "argument-range", /Last layers are those of a trained encoder/],
    [{ base: "BASE", size: 64 }, "argument-range", /size 64 cannot be had of an encoder of 32/],
    [{ base: "elsewhere" }, "base-unknown", /"elsewhere" is not known; choose none, face-descriptor/],
    [{ base: "BASE", layers: 99, size: undefined }, "argument-range", /99 of the last ones/],
    [{ side: 50 }, "argument-range", /multiple of 32/],
    [{ margin: 0 }, "argument-range", /Margin 0 must be above 0/],
    [{ mining: "distance-weighted", normalize: false }, "argument-range", /unit sphere/],
    [{ people: 99 }, "argument-range", /99 people where 18 to train with .* give --people of at most 18/],
  ] as const)("is refused, and the finder given back: %o", async (options, code, message) => {
    const closed = vi.spyOn(NotedFaces.prototype, "close");
    const given = "base" in options && options.base === "BASE" ? { ...options, base: base.best } : options;
    await expect(trainDrawn({ data, out: out("refused"), epochs: 1, ...given })).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message),
    });
    expect(closed).toHaveBeenCalled();
  });

  it.each([{ side: 70 }, { people: 99 }])("is refused before faces are looked for: %o", async (options) => {
    const noted = await NotedFaces.open(join(folder, "none.json"), { threads: 1 });
    const find = vi.spyOn(noted, "find").mockResolvedValue(undefined);
    const chosen = chooseRecipe(await loadPeople(data), { base: "none", ...options }, noted);
    await expect(chosen).rejects.toMatchObject({ code: "argument-range" });
    expect(find).not.toHaveBeenCalled();
  });
});
