import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, it } from "vitest";
import { Detector } from "../../src/detect/index.ts";
import { exportYolo } from "../../src/detect/yolo/index.ts";
import { cardOfConfig, randomParameters, smoothPicture, tinyConfig } from "./tiny-yolo.ts";

/** The part of onnxruntime-web that is used; the package is no dependency. */
interface WebRuntime {
  env: { wasm: { numThreads: number } };
  InferenceSession: { create(bytes: Uint8Array): Promise<WebSession> };
  Tensor: new (type: string, data: Uint8Array, dims: number[]) => unknown;
}
interface WebSession {
  run(feeds: Record<string, unknown>): Promise<Record<string, { data: ArrayLike<number | bigint> }>>;
}

/** `.ci/run` puts the package there: 150 MB that neither the product nor its other tests need. */
const folder = resolve(import.meta.dirname, "../../.vitest/web");

async function webRuntime(): Promise<WebRuntime> {
  const path = createRequire(`${folder}/`).resolve("onnxruntime-web");
  const module = await import(pathToFileURL(path).href);
  const ort: WebRuntime = module.InferenceSession ? module : module.default;
  ort.env.wasm.numThreads = 1;
  return ort;
}

describe("a detector's file in the browser's runtime, WebAssembly", () => {
  it("finds what it finds in Node", async ({ skip }) => {
    if (!existsSync(`${folder}/node_modules/onnxruntime-web`)) {
      skip("no onnxruntime-web: npm install --prefix .vitest/web onnxruntime-web@1.30.0");
    }
    const bytes = exportYolo(tinyConfig, randomParameters(tinyConfig, 4), cardOfConfig(tinyConfig));
    const picture = smoothPicture(200, 150);
    const detector = await Detector.load(bytes);
    const { detections } = await detector.detect(picture);
    await detector.close();
    expect(detections.length).toBeGreaterThan(0);

    const ort = await webRuntime();
    const session = await ort.InferenceSession.create(bytes);
    const { width, height, data } = picture;
    const image = new ort.Tensor("uint8", data, [height, width, 3]);
    const { boxes, scores, classes } = await session.run({ image });
    expect(Array.from(classes.data, Number)).toEqual(detections.map(({ classIndex }) => classIndex));
    for (const [i, { score, box }] of detections.entries()) {
      expect(Math.abs(Number(scores.data[i]) - score)).toBeLessThan(1e-4);
      for (const [k, at] of box.entries())
        expect(Math.abs(Number(boxes.data[4 * i + k]) - at)).toBeLessThan(1e-2);
    }
  });
});
