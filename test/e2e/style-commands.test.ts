import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { decodePicture, readPictureSize, savePicture } from "../../src/image/index.ts";
import { toPicture } from "../../src/style/planes/index.ts";
import { smallFile, wavePicture } from "../style/small-net.ts";
import { fovea, HOOK_TIMEOUT_MS, interruptWhen, type Outcome, type RunOptions } from "./fovea.ts";
import { createWorkspace, type Workspace } from "./workspace.ts";

let workspace: Workspace;
const fileOf = (path: string) => join(workspace.path, path);
const run = (line: string, options: RunOptions = {}): Promise<Outcome> =>
  fovea(line.split(" "), { cwd: workspace.path, ...options });

beforeAll(async () => {
  workspace = await createWorkspace();
  await mkdir(fileOf("photos"));
  await savePicture(toPicture(wavePicture(60, 40, 0.3)), fileOf("content.png"));
  await savePicture(toPicture(wavePicture(50, 50, 1.7)), fileOf("style.jpg"));
  await savePicture(toPicture(wavePicture(30, 30, 5)), fileOf("mask.png"));
  await savePicture(toPicture(wavePicture(90, 1, 5)), fileOf("row.png"));
  for (let i = 0; i < 3; i++) await savePicture(toPicture(wavePicture(80, 70, i)), fileOf(`photos/${i}.png`));
  await writeFile(fileOf("net.onnx"), smallFile());
  await writeFile(fileOf("note.txt"), "no picture");
}, HOOK_TIMEOUT_MS);
afterAll(() => workspace.remove());

const SMALL = "--backbone net.onnx --size 48 --iterations 10 --scales 2 --threads 1";

describe("fovea style", () => {
  it("paints, writes snapshots and a strip, and says what it did", async () => {
    const { code, stdout } = await run(
      `style content.png style.jpg ${SMALL} --out out/night.png --snapshots 4 --strip out/strip.png`,
    );
    expect(code).toBe(0);
    expect(stdout).toMatch(/^out\/night\.png: 48×32, 10 steps in .+ s\n$/);
    expect(await readPictureSize(fileOf("out/night.png"))).toEqual({ width: 48, height: 32 });
    expect((await readPictureSize(fileOf("out/strip.png"))).width).toBeGreaterThan(700);
  });

  it("gives the figures as JSON, the same picture for the same seed", async () => {
    const line = `style content.png style.jpg style.jpg ${SMALL} --blend 2,1 --mask mask.png --init noise --seed 3 --json`;
    const first = await run(`${line} --out a.png`);
    const figures = JSON.parse(first.stdout);
    expect(figures).toMatchObject({ out: "a.png", width: 48, height: 32, iterations: 10 });
    expect(figures.content + figures.style + figures.variation).toBeCloseTo(figures.cost, 4);
    await run(`${line} --out b.png`);
    expect(await decodePicture(fileOf("a.png"))).toEqual(await decodePicture(fileOf("b.png")));
  });

  it("saves the picture so far at Ctrl-C", async () => {
    const { code, stderr } = await run(
      "style content.png style.jpg --backbone net.onnx --size 48 --time 60s --scales 1 --threads 1 --snapshots 1 --out so-far.png",
      {
        onStart: interruptWhen(async () => (await workspace.list()).includes("so-far.png")),
      },
    );
    expect(code).toBe(130);
    expect(stderr).toMatch(/Stopped after \d+ steps; the picture so far is so-far\.png\./);
    expect(await readPictureSize(fileOf("so-far.png"))).toEqual({ width: 48, height: 32 });
  });

  it("trains a painter, which then paints at once", async () => {
    const trained = await run(
      "style train style.jpg --data photos --out run --backbone net.onnx --size 64 --batch 1 --width 4 --steps 3 --threads 1",
    );
    expect(trained.code).toBe(0);
    expect(trained.stdout).toMatch(
      /^3 steps in .+, loss [\d.]+\nmodel: {2}run\/best\.onnx\nreport: run\/report\.html\n$/,
    );
    const painted = await run("style content.png --model run/best.onnx --out fast.webp --size 50");
    expect(painted).toMatchObject({ code: 0, stderr: "" });
    expect(painted.stdout).toMatch(/^fast\.webp: 50×33, in the style of style\.jpg, .+ s\n$/);
    for (const out of ["styled.png", "styled-2.png"]) {
      const { stdout } = await run("style content.png --model run/best.onnx --size 50");
      expect(stdout).toContain(`${out}: 50×33`); // a file that nobody named is not replaced
    }
  });

  it("trains a painter for more steps when it is told so anew", async () => {
    const more = await run("style train style.jpg --data photos --out run --steps 7 --resume --threads 1");
    expect(more.stdout).toMatch(/^7 steps in /);
    expect(more.stderr).not.toContain("no effect");
  });

  it("says that a large photograph is painted smaller, and on fewer sizes than asked for", async () => {
    await savePicture({ width: 3000, height: 20, data: new Uint8Array(180_000) }, fileOf("long.png"));
    const long = await run("style long.png --model run/best.onnx --out long.webp --threads 1");
    expect(long.stdout).toMatch(/^long\.webp: 2048×14, /);
    expect(long.stderr).toBe("long.png has 3000×20 pixels; painted at 2048×14, --size paints it larger.\n");
    const few = await run(`style content.png style.jpg ${SMALL.replace("10", "1")} --out few.png`);
    expect(few.stderr).toContain("Grown through 1 size, not 2");
  });

  it.each([
    ["style content.png", 2, ["missing the style", "--model"]],
    ["style content.png style.jpg --size 5", 2, ["--size", "'5'"]],
    ["style content.png style.jpg --blend 1,x", 2, ["--blend", "'1,x'"]],
    ["style content.png style.jpg --style-layers a=b", 2, ["--style-layers", "'a=b'"]],
    ["style content.png style.jpg --time 3m --iterations 2", 2, ["--time", "--iterations"]],
    ["style content.png style.jpg --out night.bmp", 1, ["night.bmp", ".png"]],
    ["style content.png style.jpg --out ./style.jpg", 1, ["style.jpg would be written over", "--out"]],
    ["style content.png style.jpg --strip content.png", 1, ["content.png would be written over"]],
    [
      "style content.png style.jpg --out a.png --strip ./a.png",
      1,
      ["a.png would be written over", "--strip"],
    ],
    ["style content.png style.jpg --blend 1,2", 1, ["--blend", "2 entries", "one style"]],
    ["style missing.png style.jpg", 1, ["missing.png"]],
    ["style note.txt style.jpg", 1, ["note.txt"]],
    ["style content.png row.png", 1, ["row.png", "90×1"]],
    ["style content.png style.jpg --backbone giant", 1, ['"giant"', "fovea-plain"]],
    ["style content.png style.jpg --backbone note.txt", 1, ["note.txt"]],
    ["style content.png style.jpg --backbone net.onnx --style-layers c", 1, ['"c"', "did you mean", '"a"']],
    ["style content.png style.jpg --model net.onnx", 1, ["--model", "style.jpg"]],
    ["style content.png --model net.onnx --strip strip.png", 2, ["--strip", "--model"]],
    ["style content.png --model net.onnx", 1, ["net.onnx", "fovea style train"]],
    ["style train style.jpg --data nowhere --out other", 1, ["nowhere"]],
    ["style train style.jpg --data photos --out other --size 70", 1, ["70", "multiple of 32"]],
    ["style train style.jpg --data photos --out other --resume", 1, ["other/checkpoint.fovea", "--resume"]],
    ["style --json train style.jpg --data photos --out other", 2, ["'--json'", "'train'"]],
  ])("%s: one sentence, exit code %i", async (line, code, parts) => {
    const outcome = await run(line);
    expect(outcome.code, outcome.stderr).toBe(code);
    expect(outcome.stderr.trim().split("\n")).toHaveLength(1);
    for (const part of parts) expect(outcome.stderr).toContain(part);
  });
});
