import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { encodingDistance, FaceFinder } from "../../../src/face/index.ts";
import { coversMiddle, MainFaceEncoder, mainFace } from "../../../src/face/verification/index.ts";
import { lookWider } from "../../../src/face/wider-look.ts";
import type { Xyxy } from "../../../src/geometry/index.ts";
import { encodeModel, Graph, reduceMean } from "../../../src/graph/index.ts";
import { cropPicture, type Picture } from "../../../src/image/index.ts";
import { cardToMetadata } from "../../../src/models/index.ts";
import { useTemporaryCache } from "../../models/temporary-cache.ts";
import { openPhotograph } from "../photographs.ts";

const size = { width: 200, height: 200 };
const at = (x: number, y: number, side: number): { box: Xyxy; score: number } => ({
  box: [x - side / 2, y - side / 2, x + side / 2, y + side / 2],
  score: 1,
});

describe("mainFace", () => {
  it("prefers the middle among faces of one size, and the large among equally central ones", () => {
    expect(mainFace([at(30, 30, 50), at(110, 90, 50), at(180, 20, 50)], size)).toEqual(at(110, 90, 50));
    expect(mainFace([at(100, 100, 50), at(100, 100, 60)], size)).toEqual(at(100, 100, 60));
  });

  it("weighs both: a small face in the middle loses to a large one beside it, a larger one in the corner does not win", () => {
    expect(mainFace([at(100, 100, 20), at(150, 100, 100)], size)).toEqual(at(150, 100, 100));
    expect(mainFace([at(100, 100, 60), at(190, 190, 100)], size)).toEqual(at(100, 100, 60));
  });

  it("is nobody without faces", () => {
    expect(mainFace([], size)).toBeUndefined();
  });
});

describe("coversMiddle", () => {
  it("asks for the picture's middle within the box", () => {
    expect(coversMiddle(at(110, 90, 50).box, size)).toBe(true);
    expect(coversMiddle(at(130, 90, 50).box, size)).toBe(false);
  });
});

describe("lookWider", () => {
  const picture: Picture = { width: 60, height: 40, data: new Uint8Array(60 * 40 * 3).fill(200) };

  it("puts a picture in the middle of a black square", async () => {
    const wide = await lookWider(picture, 2);
    expect([wide.picture.width, wide.picture.height]).toEqual([120, 120]);
    const valueAt = (x: number, y: number) => wide.picture.data[3 * (y * 120 + x)];
    expect([valueAt(29, 60), valueAt(30, 60), valueAt(89, 60), valueAt(90, 60)]).toEqual([0, 200, 200, 0]);
    expect([valueAt(60, 39), valueAt(60, 40), valueAt(60, 79), valueAt(60, 80)]).toEqual([0, 200, 200, 0]);
    expect(wide.toOriginal([40, 50, 70, 70])).toEqual([10, 10, 40, 30]);
    expect(wide.toOriginal([0, 50, 70, 120])).toEqual([0, 10, 40, 40]);
  });

  it("shrinks large pictures to what the detector looks at", async () => {
    const large: Picture = { width: 2048, height: 1024, data: new Uint8Array(2048 * 1024 * 3) };
    const wide = await lookWider(large, 2);
    expect(wide.picture.width).toBe(512);
    const box = wide.toOriginal([128 + 64, 192 + 32, 128 + 128, 192 + 64]);
    expect(box.map((corner) => Math.round(corner))).toEqual([512, 256, 1024, 512]);
  });
});

describe("MainFaceEncoder", () => {
  useTemporaryCache();
  let encoder: MainFaceEncoder;
  let finder: FaceFinder;
  let group: Picture;
  beforeAll(async () => {
    encoder = await MainFaceEncoder.load();
    finder = await FaceFinder.load();
    group = await openPhotograph({ name: "sample5.jpg", mirror: false });
  }, 60_000);
  afterAll(async () => {
    await encoder.close();
    await finder.close();
  });

  it("knows a person in a picture that the face fills, by a second look", async () => {
    const [person] = await finder.find(group);
    const [x1, y1, x2, y2] = person.box;
    const [dx, dy] = [0.02 * (x2 - x1), 0.02 * (y2 - y1)];
    const face = await encoder.encode(cropPicture(group, [x1 - dx, y1 - dy, x2 + dx, y2 + dy]));
    expect(face!.look).toBe("wider");
    expect(face!.points).toHaveLength(68);
    expect(encodingDistance(face!.encoding, person.encoding)).toBeLessThan(0.5);
  });

  it("takes the central square where there is no face", async () => {
    const data = new Uint8Array(90 * 60 * 3).fill(90);
    const face = await encoder.encode({ width: 90, height: 60, data });
    expect(face).toMatchObject({ look: "square", score: 0, box: [15, 0, 75, 60] });
    expect(face!.encoding.every(Number.isFinite)).toBe(true);
  });

  it("says which net encodes", () => {
    expect({ ...encoder.model, mirror: true }).toEqual(finder.encoder);
    expect(encoder.mirror).toBe(true);
  });
});

describe("an encoder of whole pictures", () => {
  it("knows no jitter, and says that there is none", async () => {
    const graph = new Graph();
    const pixels = graph.input("pictures", ["N", 3, 32, 32]);
    const descriptors = reduceMean(pixels, [2, 3], false);
    const card = {
      task: "describe",
      model: "means",
      side: 32,
      size: 3,
      normalized: false,
      alignment: "none",
    };
    const folder = await mkdtemp(join(tmpdir(), "fovea-whole-"));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    const path = join(folder, "means.onnx");
    await writeFile(path, encodeModel({ outputs: { descriptors }, metadata: cardToMetadata(card) }));
    const faces = await MainFaceEncoder.load({ encoder: path, jitter: 5, threads: 1 });
    expect(faces.jitter).toBe(0);
    const picture = { width: 32, height: 32, data: new Uint8Array(32 * 32 * 3).fill(90) };
    expect([...(await faces.encode(picture))!.encoding]).toEqual([90, 90, 90]);
    await faces.close();
  });
});
