import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { addModelsConvert } from "../../src/cli/commands/models-convert.ts";
import { addModelsExport } from "../../src/cli/commands/models-export.ts";
import { Detector } from "../../src/detect/index.ts";
import { exportYolo } from "../../src/detect/yolo/index.ts";
import { encodeModel, Graph, readModel, relu, writeModel } from "../../src/graph/index.ts";
import { cardOfConfig, randomParameters, smoothPicture, tinyConfig } from "../detect/tiny-yolo.ts";
import { listenToStdout, runCommand } from "./run-command.ts";

let folder: string;
const at = (name: string) => join(folder, name);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "fovea-export-"));
  const bytes = exportYolo(tinyConfig, randomParameters(tinyConfig, 4), cardOfConfig(tinyConfig));
  await writeFile(at("best.onnx"), bytes);
  const graph = new Graph();
  await writeFile(at("other.onnx"), encodeModel({ outputs: { y: relu(graph.input("x", [2])) } }));
});
afterAll(() => rm(folder, { recursive: true }));
afterEach(() => vi.restoreAllMocks());

async function run(...argv: string[]): Promise<Record<string, unknown>> {
  const written = listenToStdout();
  await runCommand(addModelsExport, ["export", ...argv, "--json"]);
  return JSON.parse(written());
}

/** The scores that a file gives by its own thresholds. */
async function scoresOf(file: string): Promise<number[]> {
  const detector = await Detector.load(at(file));
  const { detections } = await detector.detect(smoothPicture(96, 64));
  await detector.close();
  return detections.map(({ score }) => score);
}

describe("models export", () => {
  it("sets the thresholds that other runtimes cannot, and writes the metadata beside the file", async () => {
    const before = await scoresOf("best.onnx");
    const score = (before[0] + before[before.length - 1]) / 2;
    const answer = await run(at("best.onnx"), at("web.onnx"), "--score", String(score));
    const after = await scoresOf("web.onnx");
    expect(after).toEqual(before.filter((each) => each > score));
    expect(after.length).toBeGreaterThan(0);
    expect(after.length).toBeLessThan(before.length);
    const card = JSON.parse(await readFile(at("web.json"), "utf8"));
    expect(card).toMatchObject({ task: "detect", classes: tinyConfig.classes, scoreThreshold: score });
    expect(answer).toMatchObject({ model: at("web.onnx"), metadata: at("web.json"), ...card });
  });

  it("copies a file byte for byte where nothing is to be set", async () => {
    await run(at("best.onnx"), at("copy.onnx"));
    const [one, other] = await Promise.all(["best.onnx", "copy.onnx"].map((name) => readFile(at(name))));
    expect(Buffer.compare(one, other)).toBe(0);
  });

  it("refuses a model whose tensors lie in another file, and says how to make one of both", async () => {
    const model = readModel(await readFile(at("best.onnx")));
    const [tensor] = model.graph.initializer;
    await writeFile(at("weights.bin"), tensor.rawData);
    const externalData = [{ key: "location", value: "weights.bin" }];
    Object.assign(tensor, { rawData: new Uint8Array(), dataLocation: 1, externalData });
    await writeFile(at("parts.onnx"), writeModel(model));
    await expect(run(at("parts.onnx"), at("alone.onnx"))).rejects.toMatchObject({
      code: "model-in-parts",
      message: expect.stringContaining(`fovea models convert ${at("parts.onnx")} `),
    });
    await expect(readFile(at("alone.onnx"))).rejects.toMatchObject({ code: "ENOENT" });
    await runCommand(addModelsConvert, ["convert", at("parts.onnx"), at("whole.onnx"), "--json"]);
    expect(await run(at("whole.onnx"), at("alone.onnx"))).toMatchObject({ task: "detect" });
    expect(await scoresOf("alone.onnx")).toEqual(await scoresOf("best.onnx"));
  });

  it.each([
    ["its own model", () => [at("best.onnx"), at("best.onnx")], "output-is-input"],
    ["a name that is no ONNX file's", () => [at("best.onnx"), at("web.txt")], "output-format"],
    [
      "thresholds of what is no detector",
      () => [at("other.onnx"), at("x.onnx"), "--iou", "0.4"],
      "not-a-detector",
    ],
  ])("refuses %s", async (_, argv, code) => {
    await expect(run(...argv())).rejects.toMatchObject({ code });
  });
});
