import { cp, mkdir, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { savePicture } from "../../src/image/index.ts";
import { fovea, HOOK_TIMEOUT_MS, interruptWhen, type Outcome, type RunOptions } from "./fovea.ts";
import { createWorkspace, type Workspace } from "./workspace.ts";

let workspace: Workspace;

const run = (line: string, options: RunOptions = {}): Promise<Outcome> =>
  fovea(line.split(" "), { cwd: workspace.path, ...options });

/** The smallest trainings that there are: what is tested is the way from pictures to a file and back. */
const LOCALIZE = "localize train scenes --size 64 --batch 4 --threads 1";
const WINDOWS = "windows train scenes --window 32 --rounds 2 --steps 3 --batch 8 --threads 1";

beforeAll(async () => {
  workspace = await createWorkspace();
  const scenes = await run(
    "data scenes scenes --count 10 --size 96x96 --val 0.5 --max-objects 2 --empty 0.2",
  );
  expect(scenes).toMatchObject({ code: 0 });
  expect(await run(`${LOCALIZE} --epochs 1 --out one`)).toMatchObject({ code: 0 });
  expect(await run(`${WINDOWS} --classes car pedestrian --out slid`)).toMatchObject({ code: 0 });
}, 2 * HOOK_TIMEOUT_MS);

afterAll(() => workspace.remove());

describe("fovea data scenes --max-objects", () => {
  it("draws no more objects than that, and as many empty pictures as asked", async () => {
    const single = await run("data scenes single --count 12 --size 96x96 --max-objects 1 --empty 0.5 --json");
    const { objects } = JSON.parse(single.stdout) as { objects: Record<string, number> };
    const count = Object.values(objects).reduce((a, b) => a + b);
    expect(count).toBeGreaterThan(0);
    expect(count).toBeLessThan(12);
  });
});

describe("fovea localize train", () => {
  it("leaves a model and a report, and says that pictures have several objects", async () => {
    const { code, stdout, stderr } = await run(`${LOCALIZE} --epochs 1 --out two --loss squared`);
    expect(code).toBe(0);
    expect(stderr).toMatch(/^scenes: \d+ of 10 pictures have several objects: the largest counts/m);
    expect(stdout).toMatch(/^best in epoch 1: mean IoU \d/m);
    const files = (await workspace.list()).filter((path) => path.startsWith("two/"));
    expect(files).toEqual(expect.arrayContaining(["two/best.onnx", "two/last.onnx", "two/report.html"]));
  });

  it("refuses pictures with several objects if strict", async () => {
    const { code, stderr } = await run(`${LOCALIZE} --epochs 1 --out strict --strict`);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^fovea: Picture `.+` has 2 objects where one is expected.*--crops/);
    expect((await workspace.list()).filter((path) => path.startsWith("strict/"))).toEqual([]);
  });

  it("saves at Ctrl-C, says how to go on, and goes on", async () => {
    const stopped = await run(`${LOCALIZE} --time 1h --crops --out stopped`, {
      onStart: interruptWhen(async () => (await workspace.list()).includes("stopped/settings.json")),
    });
    expect(stopped).toMatchObject({ code: 130, stdout: "" });
    expect(stopped.stderr).toMatch(
      /^fovea: Stopped after .+: fovea localize train scenes --threads 1 --out stopped --resume$/m,
    );
    const resumed = await run("localize train scenes --out stopped --resume --epochs 1 --threads 1 --json");
    expect(resumed.code).toBe(0);
    expect(JSON.parse(resumed.stdout)).toMatchObject({ ending: "complete", recipe: { batchSize: 4 } });
  });
});

describe("fovea localize eval", () => {
  it("leaves no crops behind at Ctrl-C", async () => {
    await mkdir(join(workspace.path, "tmp"));
    expect(await run("data scenes many --count 300 --size 96x96 --val 0.1")).toMatchObject({ code: 0 });
    const cut = async () => (await workspace.list()).some((path) => /^tmp\/fovea-crops-.*\.jpg$/.test(path));
    const { code, stderr } = await run("localize eval one/best.onnx many --crops --split all --threads 1", {
      env: { TMPDIR: join(workspace.path, "tmp") },
      onStart: interruptWhen(cut),
    });
    expect(code).toBe(130);
    expect(stderr).toMatch(/^fovea: Stopped before all pictures were measured/m);
    const left = await readdir(join(workspace.path, "tmp"));
    expect(left.filter((name) => name.startsWith("fovea-"))).toEqual([]);
  });

  it("prints one JSON value and writes a report", async () => {
    const { code, stdout } = await run("localize eval one/best.onnx scenes --json --out eval --threads 1");
    expect(code).toBe(0);
    const figures = JSON.parse(stdout);
    expect(figures).toMatchObject({ model: "one/best.onnx", data: "scenes", split: "val" });
    expect(figures.objects + figures.backgrounds).toBe(5);
    expect(figures.meanIou).toBeGreaterThanOrEqual(0);
    expect(JSON.parse(await readFile(join(workspace.path, "eval/evaluation.json"), "utf8"))).toEqual(figures);
    expect(await readFile(join(workspace.path, "eval/report.html"), "utf8")).toMatch(/^<!DOCTYPE html>/);
  });

  it("counts false alarms in folders of background", async () => {
    const line = "localize eval one/best.onnx scenes --background scenes/images/train --presence 0 --json";
    const figures = JSON.parse((await run(line)).stdout);
    expect(figures.falseAlarms).toBe(1); // with a threshold of 0 there is always something
    const { backgrounds } = JSON.parse((await run("localize eval one/best.onnx scenes --json")).stdout);
    expect(figures.backgrounds).toBe(backgrounds + 5);
  });
});

describe("fovea localize", () => {
  it("prints, draws and notes what it says", async () => {
    const line = "localize scenes/images/val --model one/best.onnx --out said --presence 0 --json";
    const { code, stdout } = await run(line);
    expect(code).toBe(0);
    const { pictures } = JSON.parse(stdout);
    expect(pictures).toHaveLength(5);
    for (const { object, presence } of pictures) {
      expect(["pedestrian", "car", "motorcycle"]).toContain(object.label);
      expect(presence).toBeGreaterThan(0);
      for (const corner of object.box) expect(corner).toBeLessThanOrEqual(96);
    }
    const files = await workspace.list();
    expect(files.filter((path) => /^said\/scene-\d+\.jpg$/.test(path))).toHaveLength(5);
    expect(files).toContain("said/localizations.json");
    const none = await run("localize scenes/images/val --model one/best.onnx --presence 1");
    expect(none.stdout).toMatch(/: nothing \(presence 0\.\d\d\)$/m);
  });

  it("refuses a model of another task, and none at all", async () => {
    const other = await run("localize scenes/images/val --model slid/best.onnx");
    expect(other).toMatchObject({ code: 1, stderr: expect.stringMatching(/not a localizer .*"windows"/) });
    const none = await run("localize a.jpg");
    expect(none).toMatchObject({ code: 2, stderr: expect.stringMatching(/'--model <file>' is missing/) });
  });
});

describe("fovea windows", () => {
  it("trains, measures only what it knows, and finds the same both ways", async () => {
    const [all, each] = await Promise.all(
      ["convolutional", "naive"].map((method) =>
        run(`windows eval slid/best.onnx scenes --method ${method} --json --threads 1`),
      ),
    );
    expect(all).toMatchObject({
      code: 0,
      stderr: expect.stringMatching(/only pedestrian, car of pedestrian, car, motorcycle can be found/),
    });
    const { msPerPicture: _, method: __, ...figures } = JSON.parse(all.stdout);
    expect(figures.perClass.map(({ name }: { name: string }) => name)).toEqual(["car", "pedestrian"]);
    expect(JSON.parse(each.stdout)).toMatchObject(figures);
  });

  it("measures on, where no window fits a picture", async () => {
    await cp(join(workspace.path, "scenes"), join(workspace.path, "narrow"), { recursive: true });
    const strip = { width: 900, height: 2, data: new Uint8Array(3 * 900 * 2) };
    await savePicture(strip, join(workspace.path, "narrow/images/val/strip.png"));
    const measured = await run("windows eval slid/best.onnx narrow --json --threads 1");
    expect(measured).toMatchObject({
      code: 0,
      stderr: expect.stringMatching(/^narrow: no window fits 1 picture, too narrow in every size/m),
    });
  });

  it("prints and draws detections", async () => {
    const line = "windows scenes/images/val --model slid/best.onnx --score 0.2 --out found --json";
    const { code, stdout } = await run(line);
    expect(code).toBe(0);
    expect(JSON.parse(stdout).pictures).toHaveLength(5);
    expect(await workspace.list()).toContain("found/detections.json");
  });

  it("shows what both ways cost", async () => {
    const { code, stdout } = await run("windows bench slid/best.onnx --size 96x80 --repeats 1 --json");
    expect(code).toBe(0);
    const comparison = JSON.parse(stdout);
    expect(comparison).toMatchObject({ width: 96, height: 80, stride: 8, windows: 9 * 7, exact: true });
    expect(comparison.largestDifference).toBeLessThan(1e-5);
    expect(comparison.naiveFlops).toBeGreaterThan(comparison.convolutionalFlops);
    const text = (await run("windows bench slid/best.onnx --size 96x80 --repeats 1")).stdout;
    expect(text).toMatch(/one pass for all +63/);
    expect(text).toMatch(/differ by at most .+: the net pads nothing\.$/m);
  });

  it("refuses a picture smaller than a window", async () => {
    expect(await run("windows bench slid/best.onnx --size 30x80")).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^fovea: A window of 32×32 pixels does not fit a picture of 30×80/),
    });
  });
});
