import { InferenceSession, Tensor } from "onnxruntime-node";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Detector } from "../../src/detect/index.ts";
import { decodeAll, exportYolo, yoloNet } from "../../src/detect/yolo/index.ts";
import { boxFromLetterbox, clipBox, letterbox, nmsPerClass, type Xyxy } from "../../src/geometry/index.ts";
import { Graph } from "../../src/graph/index.ts";
import type { Picture } from "../../src/image/index.ts";
import { letterboxGraph } from "../../src/models/index.ts";
import { Scope } from "../../src/nn/index.ts";
import { compile } from "../../src/runtime/index.ts";
import { expectClose } from "../graph/closeness.ts";
import { cardOfConfig, randomParameters, smoothPicture, textbookConfig, tinyConfig } from "./tiny-yolo.ts";

const pixels = { relative: 1e-5, ofLargest: 1e-5, absolute: 1e-3 };

describe.each([
  { name: "modern head", config: tinyConfig },
  { name: "textbook head", config: textbookConfig },
])("an exported detector, $name", ({ config }) => {
  const parameters = randomParameters(config, 4);
  const bytes = exportYolo(config, parameters, cardOfConfig(config));
  let bare: InferenceSession;
  let detector: Detector;

  beforeAll(async () => {
    bare = await InferenceSession.create(bytes);
    detector = await Detector.load(bytes);
  });
  afterAll(async () => {
    await bare.release();
    await detector.close();
  });

  async function runBare({ width, height, data }: Picture) {
    const { boxes, scores, classes } = await bare.run({
      image: new Tensor("uint8", data, [height, width, 3]),
    });
    return {
      boxes: Array.from(boxes.data as Float32Array),
      scores: Array.from(scores.data as Float32Array),
      classes: Array.from(classes.data as BigInt64Array, Number),
    };
  }

  it("is one uint8 picture in, boxes, scores and classes out", () => {
    expect(bare.inputNames).toEqual(["image"]);
    expect(bare.outputNames).toEqual(["boxes", "scores", "classes"]);
    expect(bare.inputMetadata[0]).toMatchObject({ type: "uint8", shape: ["height", "width", 3] });
  });

  it.each([
    [96, 64],
    [200, 150],
    [77, 181],
    [40, 30],
    [1, 1],
    [1500, 3],
    [2, 900],
  ])("finds in bare ONNX Runtime what Detector finds, inside the picture: %d × %d", async (width, height) => {
    const picture = smoothPicture(width, height);
    const found = await runBare(picture);
    const { detections, ...rest } = await detector.detect(picture);
    expect([rest.width, rest.height]).toEqual([width, height]);
    expect(detections.length, "a loud net finds something").toBeGreaterThan(0);
    expect(detections.flatMap(({ box }) => [...box])).toEqual(found.boxes);
    expect(detections.map(({ score }) => score)).toEqual(found.scores);
    expect(detections.map(({ classIndex }) => classIndex)).toEqual(found.classes);
    expect(detections.map(({ label }) => label)).toEqual(found.classes.map((k) => config.classes[k]));
    expect(found.scores).toEqual(found.scores.toSorted((a, b) => b - a));
    for (const score of found.scores) expect(score).toBeGreaterThan(0.25);
    for (const { box } of detections) {
      const [x1, y1, x2, y2] = box;
      expect(0 <= x1 && x1 <= x2 && x2 <= width && 0 <= y1 && y1 <= y2 && y2 <= height, `box ${box}`).toBe(
        true,
      );
    }
  });

  it("is net, decoding, suppression and the way back to pixels in one", async () => {
    const picture = smoothPicture(200, 150);
    const graph = new Graph();
    const image = graph.input("image", [150, 200, 3], "uint8");
    const { pictures } = letterboxGraph(image, config.input);
    const decoded = decodeAll(yoloNet(new Scope(graph, { values: parameters }), pictures, config), config);
    const program = await compile({ outputs: { ...decoded } });
    const { boxes, scores } = await program.run({
      image: { dtype: "uint8", shape: [150, 200, 3], data: picture.data },
    });
    await program.release();
    const count = boxes.shape[1];
    const classCount = config.classes.length;
    const all = Float32Array.from({ length: 4 * count * classCount }, (_, i) =>
      Number(boxes.data[i % (4 * count)]),
    );
    const classOf = Array.from({ length: count * classCount }, (_, i) => Math.floor(i / count));
    const best = (i: number) =>
      Math.max(...Array.from({ length: classCount }, (_, k) => Number(scores.data[k * count + (i % count)])));
    // a box bears one name, that of its best class
    const rated = Float32Array.from(scores.data as Float32Array, (score, i) =>
      score === best(i) ? score : 0,
    );
    const kept = nmsPerClass(all, rated, classOf, {
      iouThreshold: 0.5,
      scoreThreshold: 0.25,
    });
    const fit = letterbox(200, 150, config.input.width, config.input.height);
    const back = kept.flatMap((i) => {
      const box = boxFromLetterbox(Array.from(all.subarray(4 * i, 4 * i + 4)) as unknown as Xyxy, fit);
      return [...(clipBox(box, 200, 150) ?? [])];
    });

    const found = await runBare(picture);
    expect(found.classes).toEqual(kept.map((i) => classOf[i]));
    expectClose(
      found.scores,
      kept.map((i) => Number(scores.data[i])),
      { relative: 1e-6, ofLargest: 0 },
      "scores",
    );
    expectClose(found.boxes, back, pixels, "boxes");
  });

  it("says of itself what it was given", () => {
    expect(detector.card).toEqual(cardOfConfig(config));
    expect(detector.classes).toEqual(config.classes);
  });
});

describe("thresholds", () => {
  const bytes = exportYolo(tinyConfig, randomParameters(tinyConfig, 4), cardOfConfig(tinyConfig));
  const picture = smoothPicture(200, 150);

  async function detect(options: Parameters<typeof Detector.load>[1]) {
    const detector = await Detector.load(bytes, options);
    const { detections } = await detector.detect(picture);
    await detector.close();
    return detections;
  }

  it("are the file's own, or given when it is opened", async () => {
    const usual = await detect({});
    expect(usual.length).toBeGreaterThan(3);
    expect(await detect({ scoreThreshold: 0.25, iouThreshold: 0.5 })).toEqual(usual);
    const middle = usual[Math.floor(usual.length / 2)].score;
    const strict = await detect({ scoreThreshold: middle });
    expect(strict).toEqual(usual.filter(({ score }) => score > middle));
    expect(strict.length).toBeLessThan(usual.length);
    expect((await detect({ scoreThreshold: 0.01 })).length).toBeGreaterThan(usual.length);
    expect(await detect({ scoreThreshold: 1 })).toEqual([]);
    const [narrow, wide] = [await detect({ iouThreshold: 0.1 }), await detect({ iouThreshold: 0.9 })];
    expect(narrow.length).toBeLessThan(usual.length);
    expect(wide.length).toBeGreaterThan(usual.length);
  });

  it.each([
    { scoreThreshold: -0.1 },
    { scoreThreshold: 1.5 },
    { iouThreshold: 2 },
    { iouThreshold: Number.NaN },
  ])("out of range are refused: %o", async (options) => {
    const [[name, value]] = Object.entries(options);
    await expect(Detector.load(bytes, options)).rejects.toMatchObject({
      code: "argument-range",
      message: expect.stringContaining(`\`${name}\` (=${value})`),
    });
  });
});
