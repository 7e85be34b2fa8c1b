import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Detector } from "../../src/detect/index.ts";
import { useTemporaryCache } from "../models/temporary-cache.ts";
import { openPhotograph, type Photograph, titled } from "./photographs.ts";

interface Face {
  score: number;
  box: number[];
}

/** What the original package finds (tools/golden/faces.ts). */
const golden = JSON.parse(readFileSync("test/golden/faces.json", "utf8")) as (Photograph & {
  faces: Face[];
  tiny: Face[];
})[];

useTemporaryCache();

describe.each([
  ["faces", "faces"],
  ["faces-tiny", "tiny"],
] as const)("the ready detector %s", (model, part) => {
  let detector: Detector;
  beforeAll(async () => {
    detector = await Detector.load(model);
  });
  afterAll(() => detector.close());

  it.each(titled(golden))("finds the original's faces in %s", async (_, one) => {
    const picture = await openPhotograph(one);
    const { detections } = await detector.detect(picture);
    expect(detections).toHaveLength(one[part].length);
    const faces = one[part].toSorted((a, b) => b.score - a.score);
    for (const [i, { score, box }] of faces.entries()) {
      expect(Math.abs(detections[i].score - score)).toBeLessThan(1e-3);
      // The original may put a corner outside the picture.
      const { width, height } = picture;
      const limits = [width, height, width, height];
      for (const [k, at] of box.entries()) {
        const inside = Math.min(Math.max(at, 0), limits[k]);
        expect(Math.abs(detections[i].box[k] - inside), `corner ${k} of face ${i}`).toBeLessThan(0.5);
      }
    }
  });
});
