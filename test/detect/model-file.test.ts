import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Random } from "../../src/core/index.ts";
import { Detector } from "../../src/detect/index.ts";
import { cardOf } from "../../src/detect/model-card.ts";
import { exportYolo } from "../../src/detect/yolo/index.ts";
import { encodeModel, Graph, readModel, relu, writeModel } from "../../src/graph/index.ts";
import { encodePicture } from "../../src/image/index.ts";
import { cardToMetadata } from "../../src/models/index.ts";
import { cardOfConfig, randomParameters, smoothPicture, tinyConfig } from "./tiny-yolo.ts";

const card = cardOfConfig(tinyConfig);
const bytes = exportYolo(tinyConfig, randomParameters(tinyConfig, 1), card);

/** A small ONNX file with the given metadata. */
function otherModel(metadata: Record<string, string> = {}): Uint8Array {
  const graph = new Graph();
  return encodeModel({ outputs: { y: relu(graph.input("x", [1])) }, metadata });
}

describe("a detector's file", () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "fovea-model-"));
  });
  afterAll(() => rm(folder, { recursive: true }));

  it("opens from its path", async () => {
    const path = join(folder, "best.onnx");
    await writeFile(path, bytes);
    const detector = await Detector.load(path);
    expect(detector.card).toEqual(card);
    await detector.close();
  });

  it("that is missing, or a folder, is called so by name", async () => {
    for (const path of [join(folder, "nothing.onnx"), folder]) {
      await expect(Detector.load(path)).rejects.toMatchObject({
        code: "model-missing",
        message: expect.stringContaining(path),
      });
    }
  });

  it("that is cut off is no detector, wherever it is cut", async () => {
    for (let part = 0; part < 1; part += 0.09) {
      const kept = bytes.subarray(0, Math.floor(part * bytes.length));
      await expect(Detector.load(kept), `${kept.length} bytes`).rejects.toMatchObject({
        code: "model-unreadable",
      });
    }
    await expect(Detector.load(bytes.subarray(0, -1))).rejects.toMatchObject({ code: "model-unreadable" });
    const path = join(folder, "cut.onnx");
    await writeFile(path, bytes.subarray(0, bytes.length / 2));
    await expect(Detector.load(path)).rejects.toMatchObject({
      code: "model-unreadable",
      message: expect.stringContaining(path),
    });
  });

  it("that is no ONNX is called so", async () => {
    const random = new Random(2);
    const noise = () => Uint8Array.from({ length: 3000 }, () => random.integer(256));
    const files = [
      new Uint8Array(0),
      new Uint8Array(1000),
      Buffer.from("no model\n".repeat(50)),
      await encodePicture(smoothPicture(40, 30), "jpeg"),
      await encodePicture(smoothPicture(40, 30), "png"),
      ...Array.from({ length: 30 }, noise),
    ];
    for (const [i, file] of files.entries()) {
      await expect(Detector.load(file), `file ${i}`).rejects.toMatchObject({ code: "model-unreadable" });
    }
  });

  it.each([
    { what: "has no card", metadata: {} },
    { what: "has somebody else's metadata", metadata: { author: "x", "fovea.note": "not JSON" } },
    {
      what: "has another task",
      metadata: { "fovea.task": '"classify"', "fovea.classes": '["a"]' },
      named: '"classify"',
    },
  ])("that $what is not a detector", async ({ metadata, named = "not a detector" }) => {
    await expect(Detector.load(otherModel(metadata as Record<string, string>))).rejects.toMatchObject({
      code: "not-a-detector",
      message: expect.stringContaining(named),
    });
  });

  it("whose net ONNX Runtime refuses is called so, with its reason", async () => {
    const model = readModel(bytes);
    model.graph.node[0].opType = "Konv";
    await expect(Detector.load(writeModel(model))).rejects.toMatchObject({
      code: "model-refused",
      message: expect.stringContaining("Konv"),
    });
  });

  it("that lost its thresholds says so when one is to be set", async () => {
    const model = readModel(bytes);
    for (const initializer of model.graph.initializer) {
      if (initializer.name === "score_threshold") initializer.name = "renamed";
    }
    await expect(Detector.load(writeModel(model), { scoreThreshold: 0.5 })).rejects.toMatchObject({
      code: "not-a-detector",
      message: expect.stringContaining("`score_threshold`"),
    });
  });
});

describe("the card", () => {
  it("goes through metadata and back", () => {
    const odd = {
      ...card,
      classes: ['a "b"', "ü", ""],
      grids: [{ stride: 8, anchors: [[1.5, 1e-3] as [number, number]] }],
    };
    const model = readModel(otherModel(cardToMetadata(odd)));
    expect(cardOf(model, "x")).toEqual(odd);
  });
});
