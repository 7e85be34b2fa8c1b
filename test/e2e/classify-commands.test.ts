import { copyFile, mkdir, readFile, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Random } from "../../src/core/index.ts";
import { encodePicture } from "../../src/image/index.ts";
import {
  drawShape,
  drawWave,
  waveLine,
  writePictures,
  writeSolids,
  writeWaves,
} from "../classify/tiny-sets.ts";
import { fovea, HOOK_TIMEOUT_MS, interruptWhen, type Outcome, type RunOptions } from "./fovea.ts";
import { createWorkspace, type Workspace } from "./workspace.ts";

let workspace: Workspace;

const run = (line: string, options: RunOptions = {}): Promise<Outcome> =>
  fovea(line.split(" "), { cwd: workspace.path, ...options });

const json = async (line: string) => {
  const { code, stdout, stderr } = await run(`${line} --json --quiet`); // a slow machine says how far it is
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  return JSON.parse(stdout);
};

const fileOf = (path: string) => join(workspace.path, path);

beforeAll(async () => {
  workspace = await createWorkspace();
  await writePictures(fileOf("shapes"));
  await writeWaves(fileOf("waves.tsv"), 40);
  await writeSolids(fileOf("solids"), 16);
  const line = "classify train shapes --size 32 --batch 8 --epochs 5 --threads 1 --out run";
  const trained = await run(line);
  expect(trained.code).toBe(0);
  expect(trained.stdout).toMatch(
    /^5 epochs in .+\nthe last, epoch 5: accuracy [\d.]+, balanced [\d.]+ \(validation\)\nalways "cross" would reach 0\.333\n3 examples say little, .+ --folds 5 .+\nmodel: {2}run\/best\.onnx\nreport: run\/report\.html\n$/,
  );
  expect(await run("classify train waves.tsv --batch 8 --epochs 8 --threads 1 --out waves")).toMatchObject({
    code: 0,
  });
}, HOOK_TIMEOUT_MS);

afterAll(() => workspace.remove());

describe("fovea classify train", () => {
  it("leaves models, records and a report", async () => {
    const files = (await workspace.list()).filter((path) => path.startsWith("run/"));
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
    const files = await workspace.list();
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
    expect(await workspace.list()).not.toContain("halted/fold2");
    expect(await run(line)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("go on with --resume"),
    });
    const resumed = await json(again);
    expect(resumed).toMatchObject({ ending: "complete", recipe: { batchSize: 8, seed: 4 } });
    expect(resumed.crossValidation.folds).toHaveLength(2);
  });
});

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
    expect(unwritable).toMatchObject({ code: 1, stdout: text.stdout });
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
    await workspace.write({
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
    const folds = await run("classify eval folds/best.onnx waves.tsv --json");
    expect(JSON.parse(folds.stdout)).toMatchObject({ split: "all", count: 40 });
    expect(folds.stderr).toMatch(/^waves\.tsv: folds\/best\.onnx was trained on these sequences, .+\n$/);
    expect((await run("classify eval folds/best.onnx waves_TEST.tsv")).stderr).toBe("");
  });

  it("matches classes by name, whatever their order and number", async () => {
    const random = new Random(77);
    const waves = Array.from({ length: 12 }, () => drawWave("square", random));
    const only = waves.map((wave) => waveLine("square", wave)); // class 0 of this table, 1 of the model
    await workspace.write({ "only.tsv": `${only.join("\n")}\n` });
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
    await workspace.write({ "saw.tsv": `${wave}\n` });
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

describe("fovea classify", () => {
  it("does the good files, reports the bad ones, and exits with 1", async () => {
    await workspace.write({ "shots/broken.jpg": "no picture" });
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
    await workspace.write({
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
    await workspace.write(Object.fromEntries(files));
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
    await workspace.write({ "garbage.tsv": "one two three\n", "none.tsv": "" });
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
    await workspace.write({ train: "no picture" });
    const { code, stderr } = await run("classify ./train --model run/best.onnx --quiet");
    expect(code).toBe(1);
    expect(stderr).toMatch(/^fovea: .*\.\/train.*\n$/);
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
