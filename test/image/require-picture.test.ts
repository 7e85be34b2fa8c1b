import { describe, expect, it } from "vitest";
import {
  contactSheet,
  cropPicture,
  drawDetections,
  drawPoints,
  encodePicture,
  letterboxPicture,
  type Picture,
  readPicture,
  requirePicture,
  resizePicture,
  sampleAffine,
  squareChip,
} from "../../src/image/index.ts";

const rgba: Picture = { width: 10, height: 10, data: new Uint8Array(400) };
const short: Picture = { width: 10, height: 10, data: new Uint8Array(30) };
const none: Picture = { width: 0, height: 0, data: new Uint8Array(0) };
const halves: Picture = { width: 2.5, height: 4, data: new Uint8Array(30) };

const takers: Record<string, (picture: Picture) => unknown> = {
  requirePicture,
  readPicture,
  contactSheet: (picture) => contactSheet([{ picture }]),
  cropPicture: (picture) => cropPicture(picture, [0, 0, 1, 1]),
  drawDetections: (picture) => drawDetections(picture, []),
  drawPoints: (picture) => drawPoints(picture, []),
  encodePicture: (picture) => encodePicture(picture, "png"),
  letterboxPicture: (picture) => letterboxPicture(picture, 10, 10),
  resizePicture: (picture) => resizePicture(picture, 10, 10),
  sampleAffine: (picture) =>
    sampleAffine(picture, [1, 0, 0, 0, 1, 0], { width: 2, height: 2 }, new Float32Array(12)),
  squareChip: (picture) => squareChip(picture, { x: 0, y: 0, width: 1, height: 1 }, 2, new Float32Array(12)),
};

describe("what is no picture", () => {
  it.each(Object.keys(takers))("is refused by %s", async (name) => {
    for (const picture of [rgba, short, none, halves]) {
      await expect((async () => takers[name](picture))()).rejects.toMatchObject({ code: "picture-size" });
    }
  });

  it("is told with what is wrong with it", () => {
    expect(() => requirePicture(rgba)).toThrow(
      "needs 300 bytes of RGB, but `data` has 400; leave the fourth",
    );
    expect(() => requirePicture(short)).toThrow("`data` has 30; give three bytes for each pixel");
    expect(() => requirePicture(none)).toThrow("`width` (=0)");
  });
});
