import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { letterbox, type Xyxy } from "../../src/geometry/index.ts";
import { cropPicture } from "../../src/image/index.ts";
import { Landmarker } from "../../src/landmarks/index.ts";
import { openPhotograph, type Photograph, titled } from "../face/photographs.ts";
import { useTemporaryCache } from "../models/temporary-cache.ts";

/** What the original packages answer (tools/golden/faces.ts, graph-models.ts). */
const golden = <T>(file: string) =>
  JSON.parse(readFileSync(`test/golden/${file}.json`, "utf8")) as (Photograph & T)[];
const faces = golden<{ faces: { box: Xyxy; points: [number, number][] }[] }>("faces");
const bodies = golden<{ found: [x: number, y: number, score: number][] }>("body");

useTemporaryCache();

describe("the ready net of face-points", () => {
  let landmarker: Landmarker;
  beforeAll(async () => {
    landmarker = await Landmarker.load("face-points");
  });
  afterAll(() => landmarker.close());

  it.each(titled(faces))("puts the original's points on the faces of %s", async (_, one) => {
    const found = await landmarker.locate(
      await openPhotograph(one),
      one.faces.map(({ box }) => box),
    );
    expect(landmarker.card.points).toHaveLength(68);
    for (const [i, { points }] of one.faces.entries()) {
      for (const [k, point] of points.entries()) {
        for (const axis of [0, 1]) {
          const apart = Math.abs(found[i]!.points[k][axis] - point[axis]);
          expect(apart, `face ${i}, point ${k}`).toBeLessThan(0.5);
        }
      }
    }
  });

  it("puts the points of a face that is cut off where its visible part has them", async () => {
    const photograph = await openPhotograph(faces[0]);
    const [{ box }] = faces[0].faces;
    const [left, top] = [Math.ceil(box[0] + 0.2 * (box[2] - box[0])), Math.ceil(box[1]) + 10];
    const picture = cropPicture(photograph, [left, top, photograph.width, photograph.height]);
    const beyond: Xyxy = [box[0] - left, box[1] - top, box[2] - left, box[3] - top];
    const within: Xyxy = [0, 0, beyond[2], beyond[3]];
    const [cut, clipped] = await landmarker.locate(picture, [beyond, within]);
    expect(cut!.points).toEqual(clipped!.points);
  });

  it("has none for a box outside the picture, and answers for the others", async () => {
    const picture = await openPhotograph(faces[0]);
    const [{ box }] = faces[0].faces;
    const outside: Xyxy = [-50, -50, -10, -10];
    expect(await landmarker.locate(picture, [outside])).toEqual([undefined]);
    const [none, some] = await landmarker.locate(picture, [outside, box]);
    expect(none).toBeUndefined();
    expect(some!.points).toHaveLength(68);
    expect(await landmarker.locate(picture, [])).toEqual([]);
  });

  it("asks for boxes", async () => {
    await expect(landmarker.locate(await openPhotograph(faces[0]))).rejects.toMatchObject({
      code: "argument-range",
    });
  });
});

describe("the ready net of a body", () => {
  let landmarker: Landmarker;
  beforeAll(async () => {
    landmarker = await Landmarker.load("body");
  });
  afterAll(() => landmarker.close());

  it.each(titled(bodies))("puts the original's joints on the person in %s", async (_, one) => {
    const picture = await openPhotograph(one);
    const [{ points, scores }] = (await landmarker.locate(picture)) as [
      { points: [number, number][]; scores: number[] },
    ];
    const { newWidth, newHeight, padX, padY } = letterbox(picture.width, picture.height, 192, 192);
    for (const [k, [x, y, score]] of one.found.entries()) {
      expect(Math.abs(points[k][0] - ((x * 192 - padX) * picture.width) / newWidth)).toBeLessThan(0.5);
      expect(Math.abs(points[k][1] - ((y * 192 - padY) * picture.height) / newHeight)).toBeLessThan(0.5);
      expect(Math.abs(scores[k] - score)).toBeLessThan(1e-3);
    }
  });
});

it("refuses what finds no points", async () => {
  await expect(Landmarker.load("test/golden/nets/depthwise.onnx")).rejects.toMatchObject({
    name: "FoveaError",
    code: "not-a-landmark-model",
  });
});
