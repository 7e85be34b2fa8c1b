import { readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Detector } from "../../src/detect/index.ts";
import { decodePicture } from "../../src/image/index.ts";
import { packageFolder } from "../../src/models/index.ts";
import { mirrored } from "./mirrored.ts";

interface Face {
  score: number;
  box: number[];
}

/** What the original package finds (tools/golden/faces.ts). */
const golden = JSON.parse(readFileSync("test/golden/faces.json", "utf8")) as {
  name: string;
  mirror: boolean;
  faces: Face[];
  tiny: Face[];
}[];

const kept = process.env.FOVEA_CACHE;
let cache: string;
beforeAll(async () => {
  cache = await mkdtemp(join(tmpdir(), "fovea-cache-"));
  process.env.FOVEA_CACHE = cache;
});
afterAll(async () => {
  if (kept === undefined) delete process.env.FOVEA_CACHE;
  else process.env.FOVEA_CACHE = kept;
  await rm(cache, { recursive: true, force: true });
});

describe.each([
  ["faces", "faces"],
  ["faces-tiny", "tiny"],
] as const)("the ready detector %s", (model, part) => {
  let detector: Detector;
  beforeAll(async () => {
    detector = await Detector.load(model);
  });
  afterAll(() => detector.close());

  it.each(
    golden.map((one) => [`${one.name}${one.mirror ? ", mirrored" : ""}`, one] as const),
  )("finds the original's faces in %s", async (_, one) => {
    const file = join(await packageFolder("@vladmandic/face-api"), "demo", one.name);
    const picture = await decodePicture(file);
    const { detections } = await detector.detect(one.mirror ? mirrored(picture) : picture);
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
