import { copyFile, cp, readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readPictureSize } from "../../src/image/index.ts";
import { fovea, HOOK_TIMEOUT_MS, interruptWhen, type Outcome, type RunOptions } from "./fovea.ts";
import { createWorkspace, type Workspace } from "./workspace.ts";

let workspace: Workspace;

const run = (line: string, options: RunOptions = {}): Promise<Outcome> =>
  fovea(line.split(" "), { cwd: workspace.path, ...options });

/** The smallest training that there is: what is tested is the way from pictures to a file and back. */
const TRAIN = "detect train scenes --size 64 --batch 2";

beforeAll(async () => {
  workspace = await createWorkspace();
  expect(await run("data scenes scenes --count 8 --size 96x96 --val 0.5")).toMatchObject({ code: 0 });
  expect(await run(`${TRAIN} --epochs 1 --out run`)).toMatchObject({ code: 0 });
}, HOOK_TIMEOUT_MS);

afterAll(() => workspace.remove());

describe("fovea detect train", () => {
  it("leaves a model and a report", async () => {
    const files = (await workspace.list()).filter((path) => path.startsWith("run/"));
    expect(files).toEqual(expect.arrayContaining(["run/best.onnx", "run/last.onnx", "run/report.html"]));
  });

  it("does not write over a run", async () => {
    const before = await readFile(join(workspace.path, "run/best.onnx"));
    const { code, stderr } = await run(`${TRAIN} --epochs 1 --out run`);
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: "fovea: run holds a run already; go on with --resume, or name a new folder.\n",
    });
    expect((await readFile(join(workspace.path, "run/best.onnx"))).equals(before)).toBe(true);
  });

  it("saves at Ctrl-C, says how to go on, and goes on with the split that its seed drew", async () => {
    for (const kind of ["images", "labels"]) {
      for (const split of ["train", "val"])
        await cp(join(workspace.path, "scenes", kind, split), join(workspace.path, "whole", kind), {
          recursive: true,
        });
    }
    const names = "names: [pedestrian, car, motorcycle]\n";
    await workspace.write({ "whole/data.yaml": `train: images\n${names}` });
    const stopped = await run("detect train whole --size 64 --batch 2 --seed 7 --time 1h --out stopped", {
      onStart: interruptWhen(async () => (await workspace.list()).includes("stopped/settings.json")),
    });
    expect(stopped).toMatchObject({ code: 130, stdout: "" });
    expect(stopped.stderr).toMatch(/^Saving after this step\.$/m);
    expect(stopped.stderr).toMatch(
      /^fovea: Stopped after .+: fovea detect train whole --out stopped --resume$/m,
    );

    const resumed = await run(
      "detect train whole --out stopped --resume --epochs 1 --batch 3 --lr 0.1 --json",
    );
    expect(resumed.code).toBe(0);
    expect(resumed.stderr).toMatch(/^--batch: no effect with --resume/m); // but the rate may be told anew
    expect(JSON.parse(resumed.stdout)).toMatchObject({
      ending: "complete",
      recipe: { batchSize: 2, learningRate: 0.1 },
    });
  });
});

describe("fovea detect train with a single picture", () => {
  it("says before and after that nothing is measured", async () => {
    const [picture] = (await workspace.list()).filter((path) => /^scenes\/images\/.+\.jpg$/.test(path));
    const label = picture.replace("images", "labels").replace(/jpg$/, "txt");
    await workspace.write({ "one/data.yaml": "train: images\nnames: [pedestrian, car, motorcycle]\n" });
    for (const [from, to] of [
      [picture, "one/images/a.jpg"],
      [label, "one/labels/a.txt"],
    ])
      await cp(join(workspace.path, from), join(workspace.path, to));
    const { code, stdout, stderr } = await run(
      "detect train one --size 64 --batch 1 --epochs 2 --out lone --backbone none",
    );
    expect(code).toBe(0);
    expect(stderr).toContain(
      "one: 1 picture only: none is left to validate with; the last epoch counts as best.",
    );
    expect(stdout).toContain("epoch 2 counts as best, the last one: there was nothing to validate with");
    expect(stdout).not.toMatch(/NaN|report:/);
  });
});

describe("fovea detect eval", () => {
  it("prints one JSON value and writes a report", async () => {
    const { code, stdout, stderr } = await run("detect eval run/best.onnx scenes --json --out eval");
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    const figures = JSON.parse(stdout);
    expect(figures).toMatchObject({ model: "run/best.onnx", data: "scenes", split: "val", pictures: 4 });
    expect(figures.mAP50).toBeGreaterThanOrEqual(0);
    expect(figures.mAP50_95).toBeLessThanOrEqual(figures.mAP50);
    expect(figures.perClass.map(({ name }: { name: string }) => name)).toEqual([
      "pedestrian",
      "car",
      "motorcycle",
    ]);
    const { counts, falseFinds, missed } = figures.errors;
    expect(missed).toHaveLength(Math.min(100, counts.missed));
    expect(falseFinds.length + missed.length).toBeGreaterThan(0); // hardly trained
    expect(JSON.parse(await readFile(join(workspace.path, "eval/evaluation.json"), "utf8"))).toEqual(figures);
    expect(await readFile(join(workspace.path, "eval/report.html"), "utf8")).toMatch(/^<!DOCTYPE html>/);
    const text = await run("detect eval run/best.onnx scenes");
    expect(text.stdout).toMatch(
      /^At that score: [\d,]+ false finds?, [\d,]+ of them .+ missed objects?; --out shows them/m,
    );
  });

  it("does not depend on the order in which a data set lists its classes", async () => {
    const figures = JSON.parse((await run("detect eval run/best.onnx scenes --json")).stdout);
    await run("data convert scenes reordered --to yolo");
    const description = await readFile(join(workspace.path, "reordered/data.yaml"), "utf8");
    const names = description.replace(/names:.*$/s, "names: [motorcycle, pedestrian, car]\n");
    const renumber: Record<string, string> = { 0: "1", 1: "2", 2: "0" };
    const labels = (await workspace.list()).filter((path) => /^reordered\/labels\/.+\.txt$/.test(path));
    await workspace.write({ "reordered/data.yaml": names });
    for (const path of labels) {
      const text = await readFile(join(workspace.path, path), "utf8");
      await workspace.write({ [path]: text.replace(/^\d/gm, (index) => renumber[index]) });
    }
    const reordered = JSON.parse((await run("detect eval run/best.onnx reordered --json")).stdout);
    expect({ ...reordered, data: "scenes" }).toEqual(figures);
  });

  it("refuses labels that the model does not know", async () => {
    await run("data convert scenes renamed --to yolo");
    const description = await readFile(join(workspace.path, "renamed/data.yaml"), "utf8");
    await workspace.write({ "renamed/data.yaml": description.replace("car", "lorry") });
    expect(await run("detect eval run/best.onnx renamed")).toEqual({
      code: 1,
      stdout: "",
      stderr:
        'fovea: The data set has the class "lorry", but the model knows only pedestrian, car, motorcycle.\n',
    });
  });
});

describe("fovea detect", () => {
  it("does the good files, reports the bad ones, and exits with 1", async () => {
    await workspace.write({ "shots/broken.jpg": "no picture" });
    const [picture] = (await workspace.list()).filter((path) => /^scenes\/images\/val\/.+\.jpg$/.test(path));
    await copyFile(join(workspace.path, picture), join(workspace.path, "shots/good.jpg"));
    const line = "detect --model run/best.onnx shots missing.png --out out --score 0 --json";
    const { code, stdout, stderr } = await run(line);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^1 picture in .+ a second$/m);
    expect(stderr).toMatch(/^fovea: .*missing\.png.*$/m);
    expect(stderr).toMatch(/^fovea: .*shots\/broken\.jpg.*$/m);
    expect(stderr.trim().split("\n")).toHaveLength(3);

    const { pictures, failures } = JSON.parse(stdout);
    expect(failures).toHaveLength(2);
    expect(pictures).toMatchObject([
      { file: "shots/good.jpg", width: 96, height: 96, drawn: "out/good.jpg" },
    ]);
    expect(pictures[0].detections.length).toBeGreaterThan(0);
    for (const { label, score, box } of pictures[0].detections) {
      expect(["pedestrian", "car", "motorcycle"]).toContain(label);
      expect(score).toBeLessThanOrEqual(1);
      expect(box[0]).toBeLessThan(box[2]);
      expect(box[1]).toBeLessThan(box[3]);
    }
    expect(await readPictureSize(join(workspace.path, "out/good.jpg"))).toMatchObject({
      width: 96,
      height: 96,
    });
    const written = JSON.parse(await readFile(join(workspace.path, "out/detections.json"), "utf8"));
    expect(written.pictures).toEqual(pictures);
  });

  it("keeps both of two files with one name", async () => {
    const pictures = (await workspace.list()).filter((path) => /^scenes\/images\/.+\.jpg$/.test(path));
    await workspace.write({ "a/x.jpg": "", "b/x.jpg": "" });
    for (const [i, folder] of ["a", "b"].entries()) {
      await copyFile(join(workspace.path, pictures[i]), join(workspace.path, `${folder}/x.jpg`));
    }
    const { stdout } = await run("detect --model run/best.onnx a b --out twins --json --quiet");
    const drawn = JSON.parse(stdout).pictures.map(({ drawn }: { drawn: string }) => drawn);
    expect(drawn).toEqual(["twins/x.jpg", "twins/x-2.jpg"]);
  });

  it("never draws over its input", async () => {
    const [picture] = (await workspace.list()).filter((path) => /^scenes\/images\/val\/.+\.jpg$/.test(path));
    const before = await readFile(join(workspace.path, picture));
    const { code, stderr } = await run(`detect --model run/best.onnx ${picture} --out scenes/images/val`);
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: `fovea: ${picture} would be written over by its drawing; choose another folder with --out.\n`,
    });
    expect((await readFile(join(workspace.path, picture))).equals(before)).toBe(true);
  });

  it("takes a file that is called like a sub-command by its path", async () => {
    await workspace.write({ train: "no picture" });
    const { code, stderr } = await run("detect ./train --model run/best.onnx --quiet");
    expect(code).toBe(1);
    expect(stderr).toMatch(/^fovea: .*\.\/train.*\n$/);
  });
});
