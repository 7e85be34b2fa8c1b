import { copyFile, mkdir, readFile, writeFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { Random } from "../../src/core/index.ts";
import { drawWave, waveLine, writeWaves } from "../classify/tiny-sets.ts";
import { trainedClassifiers } from "./classify-workspace.ts";

const { run, json, fileOf, write } = trainedClassifiers();

describe("fovea classify eval", () => {
  it("prints a table, or one JSON value, and writes a report", async () => {
    const text = await run("classify eval run/best.onnx shapes");
    expect(text).toMatchObject({ code: 0, stderr: "" });
    expect(text.stdout).toMatch(/^class +examples +precision +recall +F1$/m);
    for (const name of ["cross", "disc", "square"]) {
      expect(text.stdout).toMatch(new RegExp(`^${name} +1 `, "m"));
    }
    // Of the data that it was trained on, what was kept back.
    expect(text.stdout).toMatch(/^accuracy [\d.]+ on 3 examples of val \(always "cross": 0\.3333\)$/m);

    const figures = await json("classify eval run/best.onnx shapes --out eval");
    expect(figures).toMatchObject({ model: "run/best.onnx", data: "shapes", split: "val", count: 3 });
    expect(text.stdout).toContain(`accuracy ${figures.accuracy.toFixed(4)} `);
    expect(JSON.parse(await readFile(fileOf("eval/evaluation.json"), "utf8"))).toEqual(figures);
    expect(figures).not.toHaveProperty("top5"); // of three classes
    expect(figures.mistakes).toHaveLength(Math.round(3 * (1 - figures.accuracy)));
    const unwritable = await run("classify eval run/best.onnx shapes --out waves.tsv/eval");
    expect(unwritable).toMatchObject({ code: 1, stdout: "" });
    await mkdir(fileOf("taken/evaluation.json"), { recursive: true });
    const unwritten = await run("classify eval run/best.onnx shapes --out taken");
    expect(unwritten).toMatchObject({ code: 1, stdout: text.stdout });
    const report = await readFile(fileOf("eval/report.html"), "utf8");
    for (const title of ["Classes", "What it takes for what"]) expect(report).toContain(`<h2>${title}</h2>`);
  });

  it("measures the part that --split names", async () => {
    const counts = [];
    for (const split of ["train", "val", "all"]) {
      const { count, split: name } = await json(`classify eval waves/best.onnx waves.tsv --split ${split}`);
      counts.push([name, count]);
    }
    expect(counts).toEqual([
      ["train", 36],
      ["val", 4],
      ["all", 40],
    ]);
    expect((await run("classify eval waves/best.onnx waves.tsv --split test")).stderr).toBe(
      'fovea: waves.tsv has no examples in "test"; choose --split train or val or all.\n',
    );
    // Where files name the parts, "val" is what counts.
    const lines = (await readFile(fileOf("waves.tsv"), "utf8")).trim().split("\n");
    await write({
      "parted/waves_TRAIN.tsv": lines.slice(0, 30).join("\n"),
      "parted/waves_VAL.tsv": lines.slice(30).join("\n"),
    });
    expect(await json("classify eval waves/best.onnx parted")).toMatchObject({ split: "val", count: 10 });
  });

  it("draws as the training did, measures all of other data, and tells of what was trained on", async () => {
    const { accuracy } = await json(
      "classify train waves.tsv --epochs 2 --seed 5 --val-fraction 0.3 --out seeded",
    );
    const own = await run("classify eval seeded/best.onnx waves.tsv --json");
    expect(own).toMatchObject({ code: 0, stderr: "" });
    expect(JSON.parse(own.stdout)).toMatchObject({ split: "val", count: 12, accuracy });
    expect((await run("classify eval seeded/best.onnx waves.tsv --seed 6")).stderr).toMatch(
      /^waves\.tsv: measured on all of it; .*seeded\/best\.onnx.*--seed/,
    );
    await writeWaves(fileOf("waves_TEST.tsv"), 14, 8);
    const other = await run("classify eval seeded/best.onnx waves_TEST.tsv --json");
    expect(other).toMatchObject({ code: 0, stderr: "" });
    expect(JSON.parse(other.stdout)).toMatchObject({ split: "all", count: 14 });
    await json("classify train waves.tsv --folds 2 --epochs 1 --threads 1 --out folds");
    const folds = await run("classify eval folds/best.onnx waves.tsv --json");
    expect(JSON.parse(folds.stdout)).toMatchObject({ split: "all", count: 40 });
    expect(folds.stderr).toMatch(/^waves\.tsv: folds\/best\.onnx was trained on these sequences, .+\n$/);
    expect((await run("classify eval folds/best.onnx waves_TEST.tsv")).stderr).toBe("");
  });

  it("matches classes by name, whatever their order and number", async () => {
    const random = new Random(77);
    const waves = Array.from({ length: 12 }, () => drawWave("square", random));
    const only = waves.map((wave) => waveLine("square", wave)); // class 0 of this table, 1 of the model
    await write({ "only.tsv": `${only.join("\n")}\n` });
    const { accuracy, perClass, confusion } = await json("classify eval waves/best.onnx only.tsv");
    expect(perClass.map(({ name, count }: { name: string; count: number }) => [name, count])).toEqual([
      ["sine", 0],
      ["square", 12],
    ]);
    const { answers } = await json("classify --model waves/best.onnx only.tsv");
    const right = answers.filter(({ label }: { label: string }) => label === "square").length;
    expect(confusion.counts[1]).toEqual([12 - right, right]);
    expect(accuracy).toBeCloseTo(right / 12, 12);

    // Here the files themselves name the classes in the other order.
    await mkdir(fileOf("turned"));
    await copyFile(fileOf("solids/solids.npz"), fileOf("turned/solids.npz"));
    await writeFile(fileOf("turned/classes.txt"), "box\nball\n");
    await json("classify train solids/solids.npz --epochs 2 --out turned-run");
    const figures = await json("classify eval turned-run/best.onnx solids/solids.npz --split all");
    const turned = await json("classify eval turned-run/best.onnx turned/solids.npz --split all");
    expect(turned.confusion.counts).toEqual([...figures.confusion.counts].reverse());
    expect(turned.accuracy).toBeCloseTo(1 - figures.accuracy, 12);
  });

  it("refuses labels that the model does not know, and data of another kind", async () => {
    const wave = waveLine("saw", drawWave("sine", new Random(1)));
    await write({ "saw.tsv": `${wave}\n` });
    expect(await run("classify eval waves/best.onnx saw.tsv")).toEqual({
      code: 1,
      stdout: "",
      stderr:
        'fovea: saw.tsv has 1 of 1 examples in classes that the model does not know ("saw"; it knows "sine", "square"): leave them out, or train with them.\n',
    });
    expect((await run("classify eval waves/best.onnx solids/solids.npz")).stderr).toBe(
      "fovea: waves/best.onnx was trained on sequences, but solids/solids.npz holds volumes of 1×13×13×13; give it what it knows.\n",
    );
  });
});

describe("fovea models", () => {
  it("lists what ships, and refuses to describe what does not", async () => {
    const list = await json("models");
    expect(Array.isArray(list)).toBe(true);
    const { code, stdout } = await run("models");
    expect(code).toBe(0);
    expect(stdout.trim()).not.toBe("");
    for (const { name, license } of list) expect(stdout).toMatch(new RegExp(`^${name} .*${license}`, "m"));
    for (const { name } of list.filter(({ task }: { task: string }) => task === "backbone")) {
      const { classes, accuracy } = await json(`models ${name}`);
      expect(accuracy.top1).toBeGreaterThan(0.25);
      expect((await run(`models ${name}`)).stdout).toContain(`classes: ${classes.length}\n`);
    }
    const other = await run("models run/best.onnx");
    expect(other).toMatchObject({ code: 1, stdout: "" });
    expect(other.stderr).toMatch(/^fovea: run\/best\.onnx is no backbone but a classifier .+\n$/);
  });
});
