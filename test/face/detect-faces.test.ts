import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Detector } from "../../src/detect/index.ts";
import { detectFaces } from "../../src/face/detect-faces.ts";
import { iou, type Xyxy } from "../../src/geometry/index.ts";
import { cropPicture, type Picture } from "../../src/image/index.ts";
import { useTemporaryCache } from "../models/temporary-cache.ts";
import { openPhotograph } from "./photographs.ts";

useTemporaryCache();
let detector: Detector;
let picture: Picture;
let faces: Xyxy[];
beforeAll(async () => {
  detector = await Detector.load("faces");
  picture = await openPhotograph({ name: "sample5.jpg", mirror: false });
  faces = (await detector.detect(picture)).detections.map(({ box }) => box);
});
afterAll(() => detector.close());

/** The picture around a box, which fills a share of it, and the box there. */
function around([x1, y1, x2, y2]: Xyxy, share: number): { cut: Picture; box: Xyxy } {
  const side = Math.round(Math.max(x2 - x1, y2 - y1) / share);
  const x = Math.round(Math.min(Math.max(0, (x1 + x2 - side) / 2), picture.width - side));
  const y = Math.round(Math.min(Math.max(0, (y1 + y2 - side) / 2), picture.height - side));
  const cut = cropPicture(picture, [x, y, x + side, y + side]);
  return { cut, box: [x1 - x, y1 - y, x2 - x, y2 - y] };
}

describe("detectFaces", () => {
  it("finds what the detector finds where no face is large", async () => {
    expect((await detectFaces(detector, picture)).map(({ box }) => box)).toEqual(faces);
  });

  it.each([0.5, 0.7, 0.9])("finds faces that fill %s of a picture", async (share) => {
    for (const face of faces) {
      const { cut, box } = around(face, share);
      const found = await detectFaces(detector, cut);
      expect(Math.max(...found.map((each) => iou(each.box, box)))).toBeGreaterThan(0.5);
      for (const { box: corners } of found) {
        expect(Math.min(...corners)).toBeGreaterThanOrEqual(0);
        expect(Math.max(...corners)).toBeLessThanOrEqual(cut.width);
      }
    }
  });

  it("takes a face of the second look once, though two large boxes lie about it", async () => {
    const wall = { width: 100, height: 100, data: new Uint8Array(3 * 100 * 100) };
    const large: Xyxy[] = [
      [0, 0, 80, 100],
      [20, 0, 100, 100],
    ];
    // The second look shows the wall in the middle of 200 × 200 pixels.
    const looks: Xyxy[][] = [large, [[60, 50, 140, 150]]];
    const seeing = {
      detect: async () => ({ detections: looks.shift()!.map((box, i) => ({ box, score: 0.9 - i / 10 })) }),
    } as unknown as Detector;
    const found = await detectFaces(seeing, wall);
    expect(found.map(({ box }) => box)).toEqual([[10, 0, 90, 100], large[1]]);
  });

  it("finds nobody in a wall", async () => {
    const wall = { width: 90, height: 40, data: new Uint8Array(90 * 40 * 3).fill(200) };
    expect(await detectFaces(detector, wall)).toEqual([]);
  });
});
