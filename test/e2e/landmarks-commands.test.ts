import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { writeTinyFaces } from "../landmarks/tiny-faces.ts";
import { fovea, HOOK_TIMEOUT_MS, interruptWhen, type Outcome, type RunOptions } from "./fovea.ts";
import { createWorkspace, type Workspace } from "./workspace.ts";

let workspace: Workspace;

const run = (line: string, options: RunOptions = {}): Promise<Outcome> =>
  fovea(line.split(" "), { cwd: workspace.path, ...options });

const json = async (line: string) => {
  const { code, stdout, stderr } = await run(`${line} --json --quiet`);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  return JSON.parse(stdout);
};

const settings = "--size 64 --batch 8 --threads 1 --backbone none";

beforeAll(async () => {
  workspace = await createWorkspace();
  await writeTinyFaces(join(workspace.path, "faces"), 40);
  const trained = await run(`landmarks train faces ${settings} --epochs 8 --out run`);
  expect({ code: trained.code, stderr: trained.stderr.replace(/^Training.*\n/gm, "") }).toEqual({
    code: 0,
    stderr:
      "faces: 40 pictures of 20 groups, split so that no group is in two parts: 32 to train, 8 to validate with\n",
  });
  expect(trained.stdout).toMatch(
    /^8 epochs in .+\nbest in epoch \d: mean error [\d.]+ % of the inter-ocular distance, failures at 8 % [\d.]+ %, AUC to 8 % [\d.]+ \(validation\)\nmodel: {2}run\/best\.onnx\nreport: run\/report\.html\n$/,
  );
}, HOOK_TIMEOUT_MS);

afterAll(() => workspace.remove());

describe("fovea landmarks train", () => {
  it("leaves models, records and a report with pictures", async () => {
    const files = await workspace.list();
    const kept = [
      "best.onnx",
      "checkpoint.fovea",
      "last.onnx",
      "report.html",
      "results.csv",
      "settings.json",
    ];
    const plots = ["batch.jpg", "errors.png", "found.jpg", "losses.png", "metrics.png", "mistakes.jpg"];
    expect(files).toEqual(
      expect.arrayContaining([...kept, ...plots.map((name) => `plots/${name}`)].map((name) => `run/${name}`)),
    );
    const { size } = await import("node:fs/promises").then(({ stat }) =>
      stat(join(workspace.path, "run/best.onnx")),
    );
    expect(size).toBeLessThan(2e6);
  });

  it("stops at Ctrl-C, and goes on as it was split", async () => {
    const line = `landmarks train faces --head regression --loss squared ${settings} --seed 3 --val-fraction 0.4 --origin 1 --epochs 400 --out stopped`;
    const { code, stderr } = await run(line, {
      onStart: interruptWhen(async () => (await workspace.list()).includes("stopped/settings.json")),
    });
    expect(code).toBe(130);
    expect(stderr).toMatch(/go on with: fovea landmarks train faces --threads 1 --out stopped --resume/);
    const result = await json("landmarks train faces --out stopped --resume --epochs 1");
    expect(result).toMatchObject({
      ending: "complete",
      recipe: { head: "regression", loss: "squared", seed: 3 },
    });
    const { data } = JSON.parse(await readFile(join(workspace.path, "stopped/settings.json"), "utf8"));
    expect(data).toMatchObject({ origin: 1, splitSource: { seed: 3, valFraction: 0.4 } });
  });

  it("is refused in one sentence where the data are wrong", async () => {
    await workspace.write({ "empty/p.csv": "", "odd/p.csv": "a.png,1,2,3\n", "gone/p.csv": "a.png,1,2\n" });
    for (const [data, sentence] of [
      ["empty", /^fovea: `.+p\.csv` is empty: it must have a row for each picture.+\n$/],
      ["odd", /^fovea: `.+p\.csv`: behind the file's name a row has 3 numbers, which are no pairs.+\n$/],
      ["gone", /^fovea: The data set in `gone` is empty: .+picture `a\.png` is not there: skipped\.\n$/],
      ["nowhere", /^fovea: There is no folder or file `nowhere`.+\n$/],
    ] as const) {
      const { code, stderr } = await run(`landmarks train ${data} --out none`);
      expect(code).toBe(1);
      expect(stderr).toMatch(sentence);
    }
  });
});

describe("fovea landmarks eval", () => {
  it("prints a table, and the errors of each point", async () => {
    const { code, stdout } = await run("landmarks eval run/best.onnx faces --threads 1");
    expect(code).toBe(0);
    expect(stdout).toMatch(/^net +NME +median +failures at 8 % +at 10 %/);
    expect(stdout).toMatch(/\d pictures; errors are divided by the inter-ocular distance\n/);
    expect(stdout).toMatch(/\nleft_eye +\d+ +[\d.]+ %\n/);
  });

  it("measures nets side by side, and leaves a report", async () => {
    const line =
      "landmarks eval run/best.onnx faces --beside run/last.onnx --split all --normalize box --threads 1";
    const result = await json(`${line} --out eval`);
    expect(result).toMatchObject({
      model: "run/best.onnx",
      normalize: "box",
      things: 36,
      backgrounds: 4,
      boxes: "labels",
    });
    expect(result.beside).toMatchObject([{ model: "run/last.onnx", things: 36 }]);
    expect(result.perPoint).toHaveLength(3);
    const files = await workspace.list();
    expect(files).toEqual(expect.arrayContaining(["eval/evaluation.json", "eval/report.html"]));
  });

  it("refuses a net of other points", async () => {
    const { code, stderr } = await run("landmarks eval body faces --threads 1");
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /fovea: The data have 3 points and the model finds 17; it does not know "left_eye".+\n$/,
    );
  });
});

describe("fovea landmarks", () => {
  it("finds the points of a net of one's own in whole pictures", async () => {
    const { points, pictures } = await json(
      "landmarks faces/0.png --model run/best.onnx --threads 1 --out drawn",
    );
    expect(points).toEqual(["left_eye", "right_eye", "mouth"]);
    const [{ found, drawn }] = pictures;
    expect(found).toHaveLength(1);
    expect(found[0].points).toHaveLength(3);
    expect(found[0].scores).toHaveLength(3);
    expect(found[0].presence).toBeGreaterThan(0);
    expect(await workspace.list()).toEqual(expect.arrayContaining([drawn, "drawn/landmarks.json"]));
    const { stdout } = await run("landmarks faces/0.png --model run/best.onnx --threads 1");
    expect(stdout).toMatch(/^faces\/0\.png: 3 points, presence [\d.]+\n {2}left_eye [\d.]+ {2}\d+ \d+\n/);
  });
});
