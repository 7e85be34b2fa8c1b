import { readFileSync } from "node:fs";
import sharp from "sharp";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import {
  encodingDistance,
  type Face,
  FaceEncoder,
  FaceFinder,
  MainFaceEncoder,
} from "../../src/face/index.ts";
import { decodePicture, type Picture } from "../../src/image/index.ts";
import { Landmarker } from "../../src/landmarks/index.ts";
import { useTemporaryCache } from "../models/temporary-cache.ts";
import { mirrored, openPhotograph } from "./photographs.ts";

/** Distance below which two faces are taken for one person's. */
const SAME = 0.6;

useTemporaryCache();
let finder: FaceFinder;
let group: Picture;
let people: Face[];
beforeAll(async () => {
  finder = await FaceFinder.load();
  group = await openPhotograph({ name: "sample5.jpg", mirror: false });
  people = await finder.find(group);
}, 60_000);
afterAll(() => finder.close());
afterEach(() => vi.restoreAllMocks());

/** The nearest person of the group to each face. */
const nearest = ({ encoding }: Face) => {
  const distances = people.map((person) => encodingDistance(person.encoding, encoding));
  const distance = Math.min(...distances);
  return { person: distances.indexOf(distance), distance };
};

async function turned(degrees: number): Promise<Picture> {
  const bytes = await sharp(group.data, {
    raw: { width: group.width, height: group.height, channels: 3 },
  })
    .rotate(degrees, { background: "black" })
    .png()
    .toBuffer();
  return decodePicture(new Uint8Array(bytes));
}

describe("FaceFinder", () => {
  it("leaves out a face whose points lie in one place, and finds the others", async () => {
    const { locate } = Landmarker.prototype;
    vi.spyOn(Landmarker.prototype, "locate").mockImplementationOnce(async function (
      this: Landmarker,
      ...args: unknown[]
    ) {
      const found = await Reflect.apply(locate, this, args);
      found[0].points = found[0].points.map(() => [5, 5]);
      return found;
    });
    const faces = await finder.find(group);
    expect(faces).toEqual(people.slice(1));
  });

  it("gives back what is open where a later net cannot be opened", async () => {
    const closed = vi.spyOn(Landmarker.prototype, "close");
    await expect(FaceFinder.load({ encoder: "nowhere.onnx" })).rejects.toMatchObject({
      code: "model-missing",
    });
    expect(closed).toHaveBeenCalledTimes(1);
    closed.mockClear();
    await expect(MainFaceEncoder.load({ encoder: "nowhere.onnx" })).rejects.toMatchObject({
      code: "model-missing",
    });
    expect(closed).toHaveBeenCalledTimes(1);
  });

  it("tells five people apart", () => {
    expect(people).toHaveLength(5);
    for (const [i, a] of people.entries()) {
      for (const b of people.slice(i + 1)) {
        expect(encodingDistance(a.encoding, b.encoding)).toBeGreaterThan(SAME - 0.2);
      }
    }
  });

  it.each([20, -20, 45, -45])("knows them in a picture turned by %s degrees", async (degrees) => {
    const faces = await finder.find(await turned(degrees));
    expect(faces.length).toBeGreaterThanOrEqual(3);
    for (const face of faces) expect(nearest(face).distance).toBeLessThan(0.4); // .03 to .28 where it was written
    expect(new Set(faces.map((face) => nearest(face).person)).size).toBe(faces.length);
  });

  it("knows them in the mirror", async () => {
    const faces = await finder.find(mirrored(group));
    expect(faces).toHaveLength(people.length);
    for (const face of faces) expect(nearest(face).distance).toBeLessThan(SAME);
  });

  it.each([
    [2, 0, true],
    [3, 180, false],
    [4, 180, true],
    [5, 90, true],
    [6, 270, false],
    [7, 270, true],
    [8, 90, false],
  ])("knows them in a file whose pixels lie as EXIF orientation %s says", async (orientation, turn, flop) => {
    const raw = { width: group.width, height: group.height, channels: 3 } as const;
    const turnedPixels = await sharp(group.data, { raw }).rotate(turn).png().toBuffer();
    const bytes = await sharp(turnedPixels).flop(flop).withMetadata({ orientation }).jpeg().toBuffer();
    const faces = await finder.find(await decodePicture(new Uint8Array(bytes)));
    expect(faces).toHaveLength(people.length);
    for (const face of faces) expect(nearest(face).distance).toBeLessThan(0.3);
    expect(new Set(faces.map((face) => nearest(face).person)).size).toBe(people.length);
  });

  it("finds nobody in a picture without faces", async () => {
    const data = new Uint8Array(64 * 48 * 3).fill(90);
    expect(await finder.find({ width: 64, height: 48, data })).toEqual([]);
  });
});

describe("FaceEncoder", () => {
  it("encodes a face and its mirror image alike, where both are averaged", async () => {
    const encoder = await FaceEncoder.load();
    const [{ points }] = people;
    const [once] = await encoder.encode(group, [points], { mirror: true });
    const there = points.map(([x, y]): [number, number] => [group.width - x, y]);
    // A mirror image's points have other places in the scheme: left and right change.
    const swapped = mirrorScheme(there);
    const [again] = await encoder.encode(mirrored(group), [swapped], { mirror: true });
    expect(encodingDistance(once, again)).toBeLessThan(0.1);
    await encoder.close();
  });

  it("encodes the five as dlib's net does the chips that dlib cuts", async () => {
    const golden: { descriptor: number[] }[] = JSON.parse(
      readFileSync("test/golden/face-chips.json", "utf8"),
    );
    const encoder = await FaceEncoder.load();
    const encodings = await encoder.encode(
      group,
      people.map(({ points }) => points),
    );
    await encoder.close();
    for (const encoding of encodings) {
      const distances = golden.map(({ descriptor }) =>
        encodingDistance(encoding, Float32Array.from(descriptor)),
      );
      expect(Math.min(...distances)).toBeLessThan(0.08); // .04 to .05: dlib samples otherwise
    }
  });

  it.each([2.5, -1, Number.NaN])("refuses a mean over %s copies", async (jitter) => {
    const refused = { code: "argument-range", message: expect.stringContaining(`\`jitter\` (=${jitter})`) };
    const encoder = await FaceEncoder.load();
    await expect(encoder.encode(group, [people[0].points], { jitter })).rejects.toMatchObject(refused);
    await encoder.close();
    await expect(MainFaceEncoder.load({ jitter })).rejects.toMatchObject(refused);
  });

  it("refuses a model that does not encode", async () => {
    await expect(FaceEncoder.load("test/golden/nets/depthwise.onnx")).rejects.toMatchObject({
      code: "not-an-encoder",
    });
  });
});

/** The 68 points of a mirrored face in the order of the scheme. */
function mirrorScheme(points: readonly [number, number][]): [number, number][] {
  const runs = [
    [...Array(17).keys()].reverse(),
    [26, 25, 24, 23, 22],
    [21, 20, 19, 18, 17],
    [27, 28, 29, 30],
    [35, 34, 33, 32, 31],
    [45, 44, 43, 42, 47, 46],
    [39, 38, 37, 36, 41, 40],
    [54, 53, 52, 51, 50, 49, 48, 59, 58, 57, 56, 55],
    [64, 63, 62, 61, 60, 67, 66, 65],
  ].flat();
  return runs.map((i) => points[i]);
}
