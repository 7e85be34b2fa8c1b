import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Random, tensor, toNumbers } from "../../src/core/index.ts";
import { Graph } from "../../src/graph/index.ts";
import { savePicture } from "../../src/image/index.ts";
import { compile } from "../../src/runtime/index.ts";
import { batchCost } from "../../src/style/fast/batch-cost.ts";
import { requireMemory } from "../../src/style/fast/painting-memory.ts";
import { PictureBatches } from "../../src/style/fast/picture-batches.ts";
import { drawShift, SHIFT_SHAPE, shifted } from "../../src/style/fast/shift.ts";
import { Painter, type TrainStyleOptions, trainStyle } from "../../src/style/index.ts";
import { measureContent, measureStyle, wholePicture } from "../../src/style/optimize/index.ts";
import { toPicture } from "../../src/style/planes/index.ts";
import { planPicture } from "../../src/style/tiles/index.ts";
import { smallFile, smallPlan, wavePicture } from "./small-net.ts";

let folder: string;
let usual: TrainStyleOptions;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "fovea-fast-"));
  const backbone = join(folder, "small.onnx");
  await writeFile(backbone, smallFile());
  await mkdir(join(folder, "photos"));
  for (let i = 0; i < 6; i++)
    await savePicture(toPicture(wavePicture(90 + i, 70, i)), join(folder, "photos", `${i}.png`));
  await savePicture(toPicture(wavePicture(80, 80, 9)), join(folder, "style.png"));
  usual = {
    style: join(folder, "style.png"),
    data: join(folder, "photos"),
    out: join(folder, "run"),
    backbone,
    size: 64,
    batchSize: 2,
    width: 4,
    steps: 40,
    learningRate: 0.01,
    threads: 1,
  };
});
afterAll(() => rm(folder, { recursive: true }));

describe("a batch's cost", () => {
  it("is the mean of its pictures' own", async () => {
    const plan = smallPlan({ tvWeight: 0.5 }, { a: 1, b: 2 });
    const [style, content] = [wavePicture(12, 12, 1.7), wavePicture(8, 8, 0.3)];
    const painted = [wavePicture(8, 8, 2.9), wavePicture(8, 8, 4.1)];
    const extent = plan.net.extent(["a", "b"]);
    const targets = await measureStyle(plan, style, planPicture(style, extent));
    const objective = await wholePicture(plan, {
      size: content,
      regions: [{ share: 1, targets }],
      content: await measureContent(plan, content, planPicture(content, extent)),
    });
    const single = [];
    for (const { data } of painted) single.push((await objective.evaluate(data)).cost);
    const graph = new Graph();
    const shape = [2, 3, 8, 8];
    const cost = batchCost(plan, graph.input("painted", shape), graph.input("content", shape), targets, 0);
    const program = await compile({ outputs: { cost: cost.cost }, threads: 1 });
    const pair = (a: Float32Array, b: Float32Array) => {
      return { dtype: "float32" as const, shape, data: Float32Array.of(...a, ...b) };
    };
    const result = await program.run({
      painted: pair(painted[0].data, painted[1].data),
      content: pair(content.data, content.data),
    });
    expect(Number(result.cost.data[0])).toBeCloseTo((single[0] + single[1]) / 2, 4);
    await Promise.all([program.release(), objective.release()]);
  });
});

describe("a shift", () => {
  it("leaves a part of the picture, every place in turn", async () => {
    const graph = new Graph();
    const x = graph.input("x", [1, 3, 6, 7]);
    const shift = graph.input("shift", [...SHIFT_SHAPE]);
    const program = await compile({ outputs: { y: shifted(x, shift) }, threads: 1 });
    const numbers = Array.from({ length: 126 }, (_, i) => i);
    const corners = new Set<number>();
    for (let i = 0; i < 200; i++) {
      const { y } = await program.run({
        x: tensor(numbers, [1, 3, 6, 7]),
        shift: drawShift(new Random(4, i)),
      });
      expect(y.shape).toEqual([1, 3, 3, 4]);
      const corner = Number(y.data[0]);
      const expected = [0, 1, 2].flatMap((c) =>
        [0, 1, 2].flatMap((row) => [0, 1, 2, 3].map((column) => corner + 42 * c + 7 * row + column)),
      );
      expect(toNumbers(y)).toEqual(expected);
      corners.add(corner);
    }
    expect([...corners].sort((a, b) => a - b)).toEqual(
      [0, 1, 2, 3].flatMap((row) => [0, 1, 2, 3].map((column) => 7 * row + column)),
    );
    await program.release();
  });
});

describe("batches", () => {
  it("depend on seed and step only, and leave out what cannot be read", async () => {
    const bad = join(folder, "bad.png");
    await writeFile(bad, "no picture");
    const problems: string[] = [];
    const good = (await readdir(join(folder, "photos"))).map((name) => join(folder, "photos", name));
    const source = {
      files: [...good, bad],
      batchSize: 6,
      size: 32,
      seed: 3,
      onProblem: ({ file }: { file: string }) => problems.push(file),
    };
    const [a, b] = [new PictureBatches(source), new PictureBatches(source)];
    await a.batch(0);
    const { pictures, shown } = await a.batch(1);
    expect(pictures.shape).toEqual([6, 3, 32, 32]);
    expect(shown).toBe(pictures);
    expect((await b.batch(1)).pictures.data).toEqual(pictures.data);
    for (let step = 2; step < 6; step++) await a.batch(step);
    expect(problems).toEqual([bad]);
  });

  it("tell of a picture once, though the squares of a batch are read at the same time", async () => {
    const [bad, good] = [join(folder, "missing.png"), join(folder, "photos", "0.png")];
    const problems: string[] = [];
    const onProblem = ({ file }: { file: string }) => problems.push(file);
    const batches = new PictureBatches({ files: [bad, good], batchSize: 16, size: 32, seed: 1, onProblem });
    await batches.batch(0);
    expect(problems).toEqual([bad]);
  });

  it("find the few pictures among thousands that can be read, the same ones after a resumption", async () => {
    const missing = Array.from({ length: 3_000 }, (_, i) => join(folder, `missing-${i}.png`));
    const good = ["0.png", "1.png"].map((name) => join(folder, "photos", name));
    const source = { files: [...missing, ...good], batchSize: 2, size: 32, seed: 5 };
    const first = new PictureBatches(source);
    for (let step = 0; step < 3; step++) await first.batch(step);
    const { pictures } = await first.batch(3);
    expect((await new PictureBatches(source).batch(3)).pictures.data).toEqual(pictures.data);
  });

  it("do not take a mistake of the program for a bad picture", async () => {
    const files = [join(folder, "photos", "0.png")];
    const batches = new PictureBatches({ files, batchSize: 1, size: 32n as never, seed: 0 });
    await expect(batches.batch(0)).rejects.toThrow(TypeError);
  });

  it("are squares of a picture of one long row, too", async () => {
    const row = join(folder, "row.png");
    await savePicture({ width: 9000, height: 1, data: new Uint8Array(27_000).fill(51) }, row);
    // Enlarged as a whole, it would have three million pixels a row.
    const batches = new PictureBatches({ files: [row], batchSize: 1, size: 1024, seed: 0 });
    const { pictures } = await batches.batch(0);
    expect(pictures.shape).toEqual([1, 3, 1024, 1024]);
    expect(pictures.data.every((value) => Math.abs(Number(value) - 0.2) < 1e-6)).toBe(true);
  });

  it("of nothing that can be read end in a sentence", async () => {
    const batches = new PictureBatches({
      files: [join(folder, "none.png")],
      batchSize: 1,
      size: 32,
      seed: 0,
    });
    await expect(batches.batch(0)).rejects.toThrow(/None of 1 pictures/);
  });
});

describe("trainStyle", () => {
  it("learns, leaves a painter of any size, and resumes where it stopped", async () => {
    const losses: number[] = [];
    const stop = new AbortController();
    const first = await trainStyle({
      ...usual,
      signal: stop.signal,
      onEvent: (event) => {
        if (event.kind !== "step") return;
        losses.push(event.reports.loss);
        if (event.step === 20) stop.abort();
      },
    });
    expect(first.ending).toBe("interrupted");
    const run = await trainStyle({
      ...usual,
      steps: undefined,
      resume: true,
      onEvent: (event) => event.kind === "step" && losses.push(event.reports.loss),
    });
    expect(run.ending).toBe("complete");
    expect(losses).toHaveLength(40);
    const mean = (part: number[]) => part.reduce((a, b) => a + b, 0) / part.length;
    expect(mean(losses.slice(-8))).toBeLessThan(0.8 * mean(losses.slice(0, 4)));
    const files = await readdir(usual.out);
    for (const name of [
      "best.onnx",
      "last.onnx",
      "checkpoint.fovea",
      "results.csv",
      "settings.json",
      "report.html",
    ])
      expect(files).toContain(name);

    const painter = await Painter.load(await readFile(run.best), { threads: 1 });
    expect(painter.card).toMatchObject({ task: "style", style: "style.png", width: 4 });
    for (const [width, height] of [
      [33, 50],
      [64, 64],
      [17, 5],
    ]) {
      const picture = toPicture(wavePicture(width, height, 2));
      expect(await painter.paint(picture)).toMatchObject({ width, height });
    }
    expect(await painter.paint(join(folder, "style.png"), { size: 40 })).toMatchObject({
      width: 40,
      height: 40,
    });
    const long = toPicture(wavePicture(2100, 21, 2));
    expect(await painter.paint(long)).toMatchObject({ width: 2048, height: 20 });
    expect(await painter.paint(long, { size: 2100 })).toMatchObject({ width: 2100, height: 21 });
    for (const size of [0, -5, 40.5, Number.NaN]) {
      await expect(painter.paint(long, { size })).rejects.toThrow(
        `Painter.paint: \`size\` (=${size}) must be a whole number of at least 1.`,
      );
    }
    await expect(painter.paint(long, { size: 9_000_000 })).rejects.toMatchObject({
      code: "picture-too-large",
    });
    await painter.close();
  });

  it("resumes with the same pictures only, wherever they lie", async () => {
    const out = join(folder, "data-run");
    const [moved, other] = [join(folder, "moved", "photos"), join(folder, "other")];
    await trainStyle({ ...usual, out, steps: 1 });
    await cp(join(folder, "photos"), moved, { recursive: true });
    await cp(join(folder, "photos"), other, { recursive: true });
    await savePicture(toPicture(wavePicture(50, 40, 1)), join(other, "3.png"));
    const resumed = { ...usual, out, steps: 2, resume: true };
    await expect(trainStyle({ ...resumed, timeMs: 1_000 })).rejects.toMatchObject({
      code: "argument-range",
      message: expect.stringContaining("`steps` (=2) and `timeMs` (=1000)"),
    });
    await expect(trainStyle({ ...resumed, data: other })).rejects.toMatchObject({
      code: "checkpoint-mismatch",
    });
    await mkdir(join(other, "below"));
    await cp(join(folder, "photos", "3.png"), join(other, "below", "3.png"));
    await rm(join(other, "3.png"));
    await expect(trainStyle({ ...resumed, data: other })).rejects.toMatchObject({
      code: "checkpoint-mismatch",
    });
    expect(await trainStyle({ ...resumed, data: moved })).toMatchObject({ ending: "complete" });
    await rm(join(out, "best.onnx"));
    await expect(trainStyle({ ...resumed, data: moved })).rejects.toMatchObject({
      code: "model-missing",
      message: expect.stringContaining("best.onnx` is gone"),
    });
  });

  it("says how much memory a picture would need that there is no memory for", () => {
    const size = { width: 4000, height: 3000 };
    expect(() => requireMemory(size, 16, 16e9)).not.toThrow();
    expect(() => requireMemory(size, 16, 4e9)).toThrow(
      "Painting 4000×3000 pixels at once takes about 5.5 GB of memory, and there are 4.0 GB; choose a smaller size.",
    );
    expect(() => requireMemory(size, 64, 16e9)).toThrow(/about 20 GB/);
  });

  it("refuses what it cannot do in one sentence", async () => {
    await expect(trainStyle({ ...usual, size: 50 })).rejects.toThrow(
      /`size` \(=50\) must be a multiple of 32/,
    );
    await expect(trainStyle({ ...usual, width: 2.5 })).rejects.toThrow(
      /`width` \(=2.5\) must be a whole number/,
    );
    await expect(trainStyle({ ...usual, batchSize: 0 })).rejects.toThrow(
      /`batchSize` \(=0\) must be a whole number/,
    );
    for (const styleScale of [0, -1, Number.NaN])
      await expect(trainStyle({ ...usual, styleScale })).rejects.toMatchObject({ code: "argument-range" });
    await expect(trainStyle({ ...usual, lightWeight: -1 })).rejects.toThrow(
      /`lightWeight` \(=-1\) must be 0 or more/,
    );
    await expect(trainStyle({ ...usual, recipe: "gatys" })).rejects.toThrow(/relative cost only/);
    await expect(trainStyle({ ...usual, data: join(folder, "nowhere") })).rejects.toThrow(/nowhere/);
    await expect(Painter.load(smallFile())).rejects.toThrow(/does not paint in a style/);
  });
});
