import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Detector } from "../../src/detect/index.ts";
import { letterbox } from "../../src/geometry/index.ts";
import { openPhotograph, type Photograph, titled } from "../face/photographs.ts";
import { useTemporaryCache } from "../models/temporary-cache.ts";

interface Find {
  score: number;
  classIndex: number;
  /** Corners in pixels of the letterboxed input. */
  box: number[];
}

/** The twenty best finds of the original (tools/golden/graph-models.ts). */
const golden = JSON.parse(readFileSync("test/golden/coco.json", "utf8")) as (Photograph & {
  found: Find[];
})[];

useTemporaryCache();
let detector: Detector;
beforeAll(async () => {
  detector = await Detector.load("coco", { scoreThreshold: 0, iouThreshold: 1 });
});
afterAll(() => detector.close());

describe("the ready detector coco", () => {
  it.each(titled(golden))("finds what the original finds in %s", async (_, one) => {
    const picture = await openPhotograph(one);
    const { detections } = await detector.detect(picture);
    const { newWidth, newHeight, padX, padY } = letterbox(picture.width, picture.height, 512, 512);
    const scales = [picture.width / newWidth, picture.height / newHeight];
    const limits = [picture.width, picture.height];
    for (const [i, { score, classIndex, box }] of one.found.entries()) {
      const inPicture = box.map((at, k) => {
        const whole = (at - [padX, padY][k % 2]) * scales[k % 2];
        return Math.min(Math.max(whole, 0), limits[k % 2]);
      });
      // Finds of nearly one score may change places.
      const same = detections.find(
        (one) =>
          one.classIndex === classIndex &&
          one.box.every((at, k) => Math.abs(at - inPicture[k]) < 0.5 * scales[k % 2]),
      );
      expect(same, `find ${i}`).toBeDefined();
      expect(Math.abs(same!.score - score)).toBeLessThan(1e-3);
    }
  });

  it("knows the person in the first photograph", async () => {
    const { detections } = await detector.detect(
      await openPhotograph({ name: "sample1.jpg", mirror: false }),
    );
    expect(detections[0]).toMatchObject({ label: "person" });
    expect(detections[0].score).toBeCloseTo(0.725, 2);
  });
});
