import { copyFile, readFile, truncate, writeFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { Random } from "../../src/core/index.ts";
import { encodePicture } from "../../src/image/index.ts";
import { drawShape, drawWave, waveLine, writePictures } from "../classify/tiny-sets.ts";
import { trainedClassifiers } from "./classify-workspace.ts";
import { interruptWhen, type RunOptions } from "./fovea.ts";

const { run, json, fileOf, list, write } = trainedClassifiers();

describe("fovea classify train", () => {
  it("leaves models, records and a report", async () => {
    const files = (await list()).filter((path) => path.startsWith("run/"));
    const kept = [
      "best.onnx",
      "checkpoint.fovea",
      "last.onnx",
      "report.html",
      "results.csv",
      "settings.json",
    ];
    expect(files).toEqual(expect.arrayContaining(kept.map((name) => `run/${name}`)));
  });

  it("prints one JSON value, and does what its options say", async () => {
    const options = "--model resnet --epochs 1 --batch 4 --seed 5 --balance --no-augment --lr 0.01";
    const result = await json(
      `classify train shapes --size 64x32 ${options} --val-fraction 0.25 --out chosen`,
    );
    expect(result).toMatchObject({
      ending: "complete",
      best: fileOf("chosen/best.onnx"),
      epochs: 1,
      bestEpoch: 1,
      majorityBaseline: 1 / 3,
      recipe: {
        kind: "pictures",
        model: "resnet",
        classes: ["cross", "disc", "square"],
        shape: [3, 32, 64],
        batchSize: 4,
        seed: 5,
        weights: [1, 1, 1],
        augment: null,
        learningRate: 0.01,
      },
    });
    expect(result.perClass.map(({ count }: { count: number }) => count)).toEqual([3, 3, 3]);
    expect(result).not.toHaveProperty("crossValidation");
  });

  it("blends examples by --mixup, and leaves the other variation as it is", async () => {
    const settings = async (out: string) =>
      JSON.parse(await readFile(fileOf(`${out}/settings.json`), "utf8"));
    await json("classify train shapes --size 32 --batch 8 --epochs 1 --mixup 0.3 --out mixed");
    expect((await settings("mixed")).augment).toEqual({ ...(await settings("run")).augment, mixup: 0.3 });
    await json("classify train shapes --size 32 --batch 8 --epochs 1 --no-augment --mixup 0.3 --out blended");
    expect((await settings("blended")).augment).toMatchObject({ pictures: null, mixup: 0.3 });
  });

  it("trains on volumes", async () => {
    const { recipe, perClass } = await json("classify train solids/solids.npz --epochs 1 --out solid-run");
    expect(recipe).toMatchObject({ kind: "volumes", model: "voxnet", shape: [1, 13, 13, 13] });
    expect(perClass.map(({ name }: { name: string }) => name)).toEqual(["ball", "box"]);
    const { answers } = await json("classify --model solid-run/best.onnx solids/solids.npz --top 1");
    expect(answers).toHaveLength(16);
    expect(answers[15]).toMatchObject({
      file: "solids.npz:15",
      top: [{ label: expect.stringMatching(/^b/) }],
    });
  });

  it("cross-validates, and then trains on all", async () => {
    const line = "classify train waves.tsv --batch 8 --epochs 2 --folds 3 --threads 1";
    const text = await run(`${line} --out folds`);
    expect(text.code).toBe(0);
    expect(text.stdout).toMatch(
      /^2 epochs in .+\ncross-validated accuracy [\d.]+ on 40 examples \([\d.]+, [\d.]+, [\d.]+\)\nmodel: {2}folds\/best\.onnx\nreport: folds\/report\.html\n$/,
    );
    const files = await list();
    for (const name of ["fold1", "fold2", "fold3"]) expect(files).toContain(`folds/${name}/last.onnx`);
    expect(await readFile(fileOf("folds/report.html"), "utf8")).toContain("Cross-validation in 3 folds");

    const { crossValidation, accuracy } = await json(`${line} --out folds-json`);
    expect(accuracy).toBeUndefined(); // nothing was held back
    expect(crossValidation.count).toBe(40);
    expect(crossValidation.folds).toHaveLength(3);
    const written = JSON.parse(await readFile(fileOf("folds/cross-validation.json"), "utf8"));
    expect(written).toEqual(crossValidation); // the same seed
  });

  it("skips pictures that cannot be read and says so once", async () => {
    await writePictures(fileOf("damaged"), { counts: { disc: 8, square: 8 }, seed: 5 });
    const jpeg = await encodePicture(drawShape("disc", new Random(1)), "jpeg");
    await writeFile(fileOf("damaged/disc/cut.jpg"), jpeg.subarray(0, jpeg.length / 2));
    await truncate(fileOf("damaged/square/002.png"), 150);
    const { code, stderr } = await run(
      "classify train damaged --size 32 --batch 4 --epochs 3 --val-fraction 0.5 --out damaged-run",
    );
    expect(code).toBe(0);
    const lines = stderr.split("\n").filter((text) => text.includes("damaged/"));
    expect(lines.sort()).toHaveLength(2);
    expect(lines[0]).toMatch(/damaged\/disc\/cut\.jpg/);
    expect(lines[1]).toMatch(/damaged\/square\/002\.png/);
  });

  it("starts from a classifier as a backbone", async () => {
    const line = "classify train damaged --size 32 --batch 4 --epochs 1 --backbone run/best.onnx";
    const { recipe } = await json(`${line} --out from-backbone`);
    expect(recipe.backbone).toMatchObject({ source: "run/best.onnx" });
    const wrong = await run(`${line} --out wrong --model small`);
    expect(wrong).toMatchObject({ code: 1, stdout: "" });
    expect(wrong.stderr).toMatch(/^fovea: Backbone "best\.onnx" has another trunk than the net; .+\n$/);
    const sequences = await run("classify train waves.tsv --out wrong --backbone run/best.onnx");
    expect(sequences).toMatchObject({ code: 1, stdout: "" });
    expect(sequences.stderr).toMatch(/^fovea: A backbone is a start for pictures .+ "fcn" on sequences\.\n$/);
  });
});

/** Sends Ctrl-C as soon as a run says in its settings that it is to train by this budget. */
function interruptAt(out: string, budget: object): RunOptions {
  return {
    onStart: interruptWhen(async () => {
      const text = await readFile(fileOf(`${out}/settings.json`), "utf8").catch(() => "{}");
      return JSON.stringify(JSON.parse(text).budget) === JSON.stringify(budget);
    }),
  };
}

const HOUR = { timeMs: 3_600_000 };

describe("Ctrl-C", () => {
  it("saves, says how to go on, and goes on with the same examples", async () => {
    const line = "classify train waves.tsv --batch 8 --val-fraction 0.3 --seed 4 --time 1h --out stopped";
    const stopped = await run(line, interruptAt("stopped", HOUR));
    expect(stopped).toMatchObject({ code: 130, stdout: "" });
    expect(stopped.stderr).toMatch(/^Saving after this step\.$/m);
    const hint = /^fovea: Stopped after .+: fovea (classify train waves\.tsv --out stopped --resume)$/m;
    const again = hint.exec(stopped.stderr)![1]; // neither the seed nor the share is to be said again
    const resumed = await json(`${again} --epochs 2`);
    expect(resumed).toMatchObject({ ending: "complete", recipe: { batchSize: 8, seed: 4 } });
    expect(resumed.perClass.map(({ count }: { count: number }) => count)).toEqual([6, 6]);
  });

  it("keeps what was found by cross-validation", async () => {
    const line = "classify train waves.tsv --batch 8 --folds 2 --seed 4 --epochs 1 --out crossed";
    const { crossValidation } = await json(line);
    const again = "classify train waves.tsv --out crossed --resume";
    const stopped = await run(`${again} --time 1h`, interruptAt("crossed", HOUR));
    expect(stopped).toMatchObject({ code: 130, stdout: "" });
    expect(stopped.stderr).toContain(`fovea ${again}\n`);
    const resumed = await json(`${again} --epochs 3`);
    expect(resumed).toMatchObject({ ending: "complete", epochs: 3, crossValidation });
    expect(resumed.accuracy).toBeUndefined();
  });

  it("saves a cross-validation, which does not begin anew and goes on", async () => {
    const line = "classify train waves.tsv --batch 8 --time 4s --folds 2 --seed 4 --out halted";
    const { code, stdout, stderr } = await run(line, interruptAt("halted/fold1", { timeMs: 4000 }));
    expect({ code, stdout }).toEqual({ code: 130, stdout: "" });
    const hint = /^fovea: Stopped while .+: fovea (classify train waves\.tsv --out halted --resume)$/m;
    const again = hint.exec(stderr)![1];
    expect(await list()).not.toContain("halted/fold2");
    expect(await run(line)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("go on with --resume"),
    });
    const resumed = await json(again);
    expect(resumed).toMatchObject({ ending: "complete", recipe: { batchSize: 8, seed: 4 } });
    expect(resumed.crossValidation.folds).toHaveLength(2);
  });
});

describe("fovea classify", () => {
  it("does the good files, reports the bad ones, and exits with 1", async () => {
    await write({ "shots/broken.jpg": "no picture" });
    await copyFile(fileOf("shapes/disc/000.png"), fileOf("shots/good.png"));
    const { code, stdout, stderr } = await run(
      "classify --model run/best.onnx shots missing.png shapes/cross --top 2 --json",
    );
    expect(code).toBe(1);
    expect(stderr).toMatch(/^13 examples in .+ s$/m);
    expect(stderr).toMatch(/^fovea: .*missing\.png.*$/m);
    expect(stderr).toMatch(/^fovea: .*shots\/broken\.jpg.*$/m);
    expect(stderr.trim().split("\n")).toHaveLength(3);
    const { model, answers, failures } = JSON.parse(stdout);
    expect(model).toBe("run/best.onnx");
    expect(failures).toHaveLength(2);
    expect(answers.map(({ file }: { file: string }) => file)).toContain("shots/good.png");
    for (const { label, score, top } of answers) {
      expect(top).toHaveLength(2);
      expect(top[0]).toEqual({ label, score });
      expect(top[0].score).toBeGreaterThanOrEqual(top[1].score);
      expect(["cross", "disc", "square"]).toContain(label);
    }
  });

  it("names the classes of each line of a table, labelled or not", async () => {
    const random = new Random(9);
    const waves = Array.from({ length: 3 }, () => drawWave("sine", random));
    const all = [...waves, waves[0].subarray(0, 30)];
    await write({
      "named.tsv": `${all.map((wave) => waveLine("unknown", wave)).join("\n")}\n`,
      "bare.tsv": `${all.map((wave) => Array.from(wave, (v) => v.toFixed(4)).join("\t")).join("\n")}\n`,
      "long.tsv": `${waveLine("sine", drawWave("sine", random, 96))}\n`,
    });
    const bare = await run("classify --model waves/best.onnx bare.tsv");
    expect(bare).toMatchObject({ code: 0 });
    expect(bare.stderr).toMatch(
      /^1 sequence shorter than the 48 time steps of the model, filled up .+ bare\.tsv:4\n4 examples in .+ s\n$/,
    );
    const lines = bare.stdout.trim().split("\n");
    expect(lines).toHaveLength(4);
    for (const [i, line] of lines.entries()) {
      expect(line).toMatch(
        new RegExp(`^bare\\.tsv:${i + 1}: (sine [\\d.]+, square [\\d.]+|square [\\d.]+, sine [\\d.]+)$`),
      );
    }
    const named = await run("classify --model waves/best.onnx named.tsv");
    expect(named.stdout).toBe(bare.stdout.replaceAll("bare.tsv", "named.tsv"));
    const long = await run("classify --model waves/best.onnx long.tsv --quiet");
    expect(long).toMatchObject({ code: 1, stdout: "" });
    expect(long.stderr).toMatch(
      /^fovea: Line 1 of `long\.tsv` cannot be classified: it has 96 time steps, .*\n$/,
    );
    expect((await run("classify eval waves/best.onnx long.tsv --quiet")).stderr).toBe(
      "fovea: waves/best.onnx takes sequences of up to 48 time steps, but long.tsv holds one of 96: cut it, or train with longer ones.\n",
    );
  });

  it("reads files with a row for each time step where the model was trained on such", async () => {
    const random = new Random(4);
    const column = (name: "sine" | "square", length: number) =>
      `${Array.from(drawWave(name, random).subarray(0, length), (v) => v.toFixed(4)).join("\n")}\n`;
    const files = Array.from({ length: 12 }, (_, i) => {
      const name = (["sine", "square"] as const)[i % 2];
      return [`steps/${name}/${i}.csv`, column(name, 48 - i)] as const;
    });
    await write(Object.fromEntries(files));
    const trained = await run(
      "classify train steps --batch 4 --epochs 2 --threads 1 --quiet --out steps-run",
    );
    expect(trained).toMatchObject({ code: 0 });
    const names = files.map(([name]) => name);
    const { answers } = await json(`classify --model steps-run/best.onnx ${names.join(" ")}`);
    expect(answers.map(({ file }: { file: string }) => file)).toEqual(names);
    const right = answers.filter(({ file, label }: Record<string, string>) => file.includes(`/${label}/`));
    const { accuracy } = await json("classify eval steps-run/best.onnx steps --split all");
    expect(accuracy).toBeCloseTo(right.length / 12, 12);
  });

  it("does the other tables where one is missing or of something else", async () => {
    await write({ "garbage.tsv": "one two three\n", "none.tsv": "" });
    const { code, stdout, stderr } = await run(
      "classify --model waves/best.onnx garbage.tsv gone.tsv none.tsv solids/solids.npz waves.tsv --top 1 --quiet",
    );
    expect(code).toBe(1);
    expect(stdout.trim().split("\n")).toHaveLength(40);
    const failures = stderr.trim().split("\n");
    expect(failures).toHaveLength(4);
    for (const [i, name] of ["garbage.tsv", "gone.tsv", "none.tsv", "solids.npz"].entries()) {
      expect(failures[i]).toMatch(new RegExp(`^fovea: .*${name.replace(".", "\\.")}`));
    }
  });

  it("takes a file that is called like a sub-command by its path", async () => {
    await write({ train: "no picture" });
    const { code, stderr } = await run("classify ./train --model run/best.onnx --quiet");
    expect(code).toBe(1);
    expect(stderr).toMatch(/^fovea: .*\.\/train.*\n$/);
  });
});
