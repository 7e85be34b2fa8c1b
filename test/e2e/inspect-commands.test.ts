import { existsSync } from "node:fs";
import { copyFile, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { writeTinySet } from "../inspect/tiny-net.ts";
import { fovea, HOOK_TIMEOUT_MS, interruptWhen, type Outcome } from "./fovea.ts";
import { createWorkspace, type Workspace } from "./workspace.ts";

let workspace: Workspace;
const run = (line: string): Promise<Outcome> => fovea(line.split(" "), { cwd: workspace.path });

beforeAll(async () => {
  workspace = await createWorkspace();
  await writeTinySet(workspace.path);
  await writeFile(join(workspace.path, "note.txt"), "no picture");
  await mkdir(join(workspace.path, "mine"));
  await copyFile(join(workspace.path, "discs/red/13.png"), join(workspace.path, "mine/picture.png"));
}, HOOK_TIMEOUT_MS);

afterAll(() => workspace.remove());

describe("fovea inspect", () => {
  it("writes a report, figures and sheets, and says what each layer sees", async () => {
    const { code, stdout, stderr } = await run(
      "inspect tiny.onnx discs --pixels 0-1 --units all --steps 2 --threads 1 --out out --quiet",
    );
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toBe(
      [
        'input:  24×24 pixels, middle cropped, pixel values "0-1"',
        "looked through 14 pictures",
        "  edges    4 units on 24×24, sees 3 px, 1 silent",
        "  corners  2 units on 12×12, sees 8 px",
        "sheets: 3 PNGs in out/layers",
        `report: ${join("out", "report.html")}`,
        "",
      ].join("\n"),
    );
    const figures = JSON.parse(await readFile(join(workspace.path, "out", "inspect.json"), "utf8"));
    expect(figures.layers[1].shown[1].synthesised).toBeTypeOf("number");
    expect(existsSync(join(workspace.path, "out", "progress"))).toBe(false);
  });

  it("looks at the asked layers and units, and prints one JSON value", async () => {
    const { code, stdout } = await run(
      "inspect tiny.onnx discs --layers corners --units 1, --limit 5 --steps 0 --threads 1 --out few --json --quiet",
    );
    expect(code).toBe(0);
    const { layers, looked, pictures, report } = JSON.parse(stdout);
    expect({ looked, pictures, report }).toEqual({
      looked: 5,
      pictures: 5,
      report: join("few", "report.html"),
    });
    expect(layers).toHaveLength(1);
    expect(layers[0]).toMatchObject({ name: "corners", shown: [{ unit: 1 }] });
    expect(layers[0].shown[0].patches).toHaveLength(5);
  });
});

describe("fovea inspect that was stopped", () => {
  const options = "--layers corners,edges --units 0, --pixels 0-1 --seed 3 --threads 1";

  it("prints the command that goes on with it", async () => {
    const { code, stderr } = await fovea(
      `inspect tiny.onnx discs ${options} --steps 10000 --out stopped`.split(" "),
      {
        cwd: workspace.path,
        onStart: interruptWhen(async () =>
          existsSync(join(workspace.path, "stopped", "progress", "patches.json")),
        ),
      },
    );
    expect(code).toBe(130);
    expect(stderr).toContain(
      `go on with: fovea inspect tiny.onnx discs ${options} --steps 10000 --out stopped --resume`,
    );
    const resumed = await run(`inspect tiny.onnx discs ${options} --steps 0 --out stopped --resume --quiet`);
    expect(resumed).toMatchObject({ code: 0, stderr: "" });
  });
});

describe("fovea inspect explain", () => {
  it("explains a class by four methods", async () => {
    const { code, stdout } = await run(
      "inspect explain tiny.onnx discs/red/13.png --class 1 --pixels 0-1 --threads 1 --out why --json --quiet",
    );
    expect(code).toBe(0);
    const { target, integratedGradients, gradCam, occlusion, activations, files, report } =
      JSON.parse(stdout);
    expect(target).toMatchObject({ name: 'class "1"', kind: "logit", classIndex: 1 });
    expect(integratedGradients.completenessError).toBeLessThanOrEqual(0.01);
    expect(gradCam).toEqual({ layer: "corners" });
    expect(occlusion.side).toBe(3);
    expect(activations).toEqual({ layer: "corners", units: 2 });
    const names = ["picture", "grad-cam", "integrated-gradients", "occlusion", "activations"];
    expect(files).toEqual(names.map((name) => join("why", `${name}.png`)));
    for (const file of [...files, report]) expect(existsSync(join(workspace.path, file))).toBe(true);
  });

  it("explains a unit where it answers most", async () => {
    const { code, stdout } = await run(
      "inspect explain tiny.onnx discs/red/13.png --unit edges/2 --methods gradients --pixels 0-1 --threads 1 --out unit --quiet",
    );
    expect(code).toBe(0);
    expect(stdout).toMatch(/^unit 2 of edges: activation \d/);
  });
});

describe("what is wrong, in one sentence", () => {
  it.each<[line: string, code: number, says: string[]]>([
    ["inspect tiny.onnx discs", 2, ["--out"]],
    ["inspect tiny.onnx discs --out o --units -3", 2, ["--units", "'-3'"]],
    ["inspect tiny.onnx discs --out o --units 0", 2, ["--units", "at least one"]],
    ["inspect tiny.onnx discs --out o --pixels bytes", 2, ["--pixels", "0-1, -1-1, 0-255, imagenet, caffe"]],
    ["inspect tiny.onnx discs --out o --layers corner", 1, ['no layer "corner"', '"corners"']],
    ["inspect tiny.onnx discs --out o --units 9,", 1, ["no unit 9"]],
    ["inspect none.onnx discs --out o", 1, ["none.onnx"]],
    ["inspect tiny.onnx none --out o", 1, ["`none`"]],
    ["inspect tiny.onnx note.txt --out o", 1, ["None of 1 pictures", "note.txt"]],
    ["inspect tiny.onnx discs --out o --resume", 1, ["--resume"]],
    ["inspect --json explain tiny.onnx a.png --out o", 2, ["'--json'", "'explain'"]],
    ["inspect explain tiny.onnx discs/red/13.png --out o --class cat", 1, ['no class "cat"', "0 to 1"]],
    ["inspect explain tiny.onnx discs/red/13.png --out o --unit edges/4", 1, ["no unit", "0 to 3"]],
    ["inspect explain tiny.onnx discs/red/13.png --out o --methods guess", 2, ["--methods", "grad-cam"]],
    ["inspect explain tiny.onnx note.txt --out o", 1, ["note.txt", "not a picture file"]],
    ["inspect explain tiny.onnx mine/picture.png --out mine", 1, ["mine/picture.png", "--out"]],
  ])("%s", async (line, code, says) => {
    const { code: ended, stdout, stderr } = await run(line);
    for (const words of says) expect(stderr).toContain(words);
    expect({ code: ended, stdout }).toEqual({ code, stdout: "" });
    expect(stderr.trim().split("\n")).toHaveLength(1);
    expect(existsSync(join(workspace.path, "o", "report.html"))).toBe(false);
  });
});
