import { copyFile, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { packageFolder } from "../../src/models/index.ts";
import { fovea, HOOK_TIMEOUT_MS } from "./fovea.ts";
import { createWorkspace, type Workspace } from "./workspace.ts";

let workspace: Workspace;
beforeAll(async () => {
  workspace = await createWorkspace();
  const demo = join(await packageFolder("@vladmandic/face-api"), "demo");
  for (const name of ["sample1.jpg", "sample5.jpg"])
    await copyFile(join(demo, name), join(workspace.path, name));
}, HOOK_TIMEOUT_MS);
afterAll(() => workspace.remove());

const run = (line: string, env: Record<string, string> = {}) =>
  fovea(line.split(" "), {
    cwd: workspace.path,
    env: { FOVEA_CACHE: join(workspace.path, "cache"), ...env },
  });
const json = async (line: string) => JSON.parse((await run(`${line} --json --quiet`)).stdout);

describe("fovea detect without a model of one's own", () => {
  it("finds everyday things, and says once that it converts", async () => {
    const first = await run("detect sample1.jpg --out out --json");
    expect(first.code).toBe(0);
    expect(first.stderr).toContain("Converting coco to ONNX, once.");
    const { model, pictures } = JSON.parse(first.stdout);
    expect(model).toBe("coco");
    expect(pictures[0].detections[0]).toMatchObject({ label: "person" });
    expect((await run("detect sample1.jpg")).stderr).not.toContain("Converting");
  });

  it("finds faces", async () => {
    const { pictures } = await json("detect sample5.jpg --model faces");
    expect(pictures[0].detections).toHaveLength(5);
    const [{ label, score, box }] = pictures[0].detections;
    expect(label).toBe("face");
    expect(score).toBeCloseTo(0.9925, 3);
    for (const [k, at] of [787.3, 108.8, 943.4, 320.7].entries())
      expect(Math.abs(box[k] - at)).toBeLessThan(0.5);
  });
});

describe("fovea landmarks", () => {
  it("finds the points of every face, draws them and writes them", async () => {
    const { code, stdout } = await run("landmarks sample5.jpg --out points");
    expect(code).toBe(0);
    expect(stdout).toMatch(/sample5\.jpg: 5 faces\n {2}face 0\.99 {2}787 109 943 321: 68 points/);
    const file = JSON.parse(await readFile(join(workspace.path, "points/landmarks.json"), "utf8"));
    expect(file.points).toHaveLength(68);
    const [x, y] = file.pictures[0].found[0].points[36];
    expect(Math.abs(x - 829)).toBeLessThan(0.5);
    expect(Math.abs(y - 187.6)).toBeLessThan(0.5);
    expect((await readFile(join(workspace.path, "points/sample5.jpg"))).length).toBeGreaterThan(10_000);
  });

  it("finds the joints of a body", async () => {
    const { points, pictures } = await json("landmarks sample1.jpg --model body");
    expect(points[0]).toBe("nose");
    expect(pictures[0].found[0].points).toHaveLength(17);
  });

  it("does the others where one picture is missing", async () => {
    const { code, stdout, stderr } = await run("landmarks sample1.jpg none.jpg");
    expect(code).toBe(1);
    expect(stdout).toContain("sample1.jpg");
    expect(stderr).toContain("none.jpg");
  });
});

describe("fovea models", () => {
  it("lists what can be used at once", async () => {
    const models = await json("models");
    const { size, ...coco } = models.find(({ name }: { name: string }) => name === "coco");
    expect(coco).toMatchObject({ task: "detect", license: "MIT", source: "@vladmandic/human" });
    expect(size).toBeGreaterThan(4e6);
  });

  it("converts two at once, and tells where the file lies", async () => {
    const both = await Promise.all([run("models pull faces-tiny"), run("models pull faces-tiny")]);
    expect(both.map(({ code }) => code)).toEqual([0, 0]);
    const { stdout } = await run("models path faces-tiny");
    expect((await readFile(stdout.trim())).length).toBeGreaterThan(100_000);
    expect((await json("models pull faces-tiny")).wasCached).toBe(true);
  });

  it("converts TensorFlow.js models to files that open like any other", async () => {
    const model = join(await packageFolder("@vladmandic/human"), "models/liveness.json");
    expect((await run(`models convert ${model} liveness.onnx --float16`)).code).toBe(0);
    const { inputs } = await json("models info liveness.onnx");
    expect(inputs).toEqual([{ name: "conv2d_1_input", dtype: "float32", shape: [1, 32, 32, 3] }]);
  });

  it.each([
    ["models pull nothing", ['"nothing"', "coco"]],
    ["models pull http://127.0.0.1:9/net.onnx", ["http://127.0.0.1:9/net.onnx", "check the network"]],
    ["detect sample1.jpg --model http://127.0.0.1:9/net.onnx", ["check the network"]],
    ["models convert broken.json out.onnx", ["broken.json"]],
    ["models convert broken.json ./broken.json", ["broken.json would be written over"]],
    ["models convert cut/model.json out.onnx", ["weights.bin", "end after"]],
    ["models convert placed/model.json out.onnx --shape y=1x2", ["`y`", "no such input", "`x`"]],
  ])("fails with one sentence: %s", async (line, mentioned) => {
    await writeFile(join(workspace.path, "broken.json"), "{");
    await mkdir(join(workspace.path, "cut"), { recursive: true });
    const manifest = [{ paths: ["weights.bin"], weights: [{ name: "w", shape: [9], dtype: "float32" }] }];
    const nodes = [{ name: "w", op: "Const" }];
    await writeFile(
      join(workspace.path, "cut/model.json"),
      JSON.stringify({ modelTopology: { node: nodes }, weightsManifest: manifest }),
    );
    await writeFile(join(workspace.path, "cut/weights.bin"), new Uint8Array(10));
    await mkdir(join(workspace.path, "placed"), { recursive: true });
    const placed = { modelTopology: { node: [{ name: "x", op: "Placeholder" }] } };
    await writeFile(join(workspace.path, "placed/model.json"), JSON.stringify(placed));
    const { code, stderr } = await run(line);
    expect(code).toBe(1);
    for (const part of mentioned) expect(stderr).toContain(part);
    expect(stderr).not.toMatch(/\n\s+at /);
  });

  it("refuses a digest that is none", async () => {
    expect((await run("models pull coco --sha256 12")).code).toBe(2);
  });
});
