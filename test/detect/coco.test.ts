import { readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Detector } from "../../src/detect/index.ts";
import { letterbox } from "../../src/geometry/index.ts";
import { decodePicture } from "../../src/image/index.ts";
import { packageFolder } from "../../src/models/index.ts";
import { mirrored } from "../faces/mirrored.ts";

interface Find {
  score: number;
  classIndex: number;
  /** Corners in pixels of the letterboxed input. */
  box: number[];
}

/** The twenty best finds of the original (tools/golden/graph-models.ts). */
const golden = JSON.parse(readFileSync("test/golden/coco.json", "utf8")) as {
  name: string;
  mirror: boolean;
  found: Find[];
}[];

const kept = process.env.FOVEA_CACHE;
let cache: string;
let detector: Detector;
beforeAll(async () => {
  cache = await mkdtemp(join(tmpdir(), "fovea-cache-"));
  process.env.FOVEA_CACHE = cache;
  detector = await Detector.load("coco", { scoreThreshold: 0, iouThreshold: 1 });
});
afterAll(async () => {
  await detector.close();
  if (kept === undefined) delete process.env.FOVEA_CACHE;
  else process.env.FOVEA_CACHE = kept;
  await rm(cache, { recursive: true, force: true });
});

async function open(name: string, mirror: boolean) {
  const picture = await decodePicture(join(await packageFolder("@vladmandic/face-api"), "demo", name));
  return mirror ? mirrored(picture) : picture;
}

describe("the ready detector coco", () => {
  it.each(
    golden.map((one) => [`${one.name}${one.mirror ? ", mirrored" : ""}`, one] as const),
  )("finds what the original finds in %s", async (_, { name, mirror, found }) => {
    const picture = await open(name, mirror);
    const { detections } = await detector.detect(picture);
    const { newWidth, newHeight, padX, padY } = letterbox(picture.width, picture.height, 512, 512);
    const scales = [picture.width / newWidth, picture.height / newHeight];
    const limits = [picture.width, picture.height];
    for (const [i, { score, classIndex, box }] of found.entries()) {
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
    const { detections } = await detector.detect(await open("sample1.jpg", false));
    expect(detections[0]).toMatchObject({ label: "person" });
    expect(detections[0].score).toBeCloseTo(0.725, 2);
  });
});
