import { mkdir, mkdtemp, readFile, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { FoveaError } from "../../../src/core/index.ts";
import type { Problem } from "../../../src/data/index.ts";
import { encodingDistance, FaceEncoder } from "../../../src/face/encoder.ts";
import { areCutOut, NotedFaces, openFace, samplePictures } from "../../../src/face/train/find-faces.ts";
import { loadPeople, type People } from "../../../src/face/train/people.ts";
import { plainChip, prepareFaces } from "../../../src/face/train/prepare.ts";
import { faceSquare } from "../../../src/face/train/square.ts";
import { cropPicture, type Picture, resizePicture, savePicture } from "../../../src/image/index.ts";
import { useTemporaryCache } from "../../models/temporary-cache.ts";
import { mirrored, openPhotograph } from "../photographs.ts";
import { writePeople } from "./drawn-people.ts";

useTemporaryCache();
const device = { threads: 1 };
let folder: string;
let people: People;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "fovea-find-faces-"));
});
afterAll(() => rm(folder, { recursive: true }));

/** Two people, each as photographed and in the mirror, and a picture of nobody. */
async function writePhotographs(root: string): Promise<void> {
  for (const name of ["sample1", "sample4"]) {
    const picture = await openPhotograph({ name: `${name}.jpg`, mirror: false });
    const small = await resizePicture(picture, 480, Math.round((480 * picture.height) / picture.width));
    await mkdir(join(root, name), { recursive: true });
    await savePicture(small, join(root, name, "plain.png"));
    await savePicture(mirrored(small), join(root, name, "mirrored.png"));
  }
  const nobody: Picture = { width: 100, height: 80, data: new Uint8Array(100 * 80 * 3).fill(90) };
  await savePicture(nobody, join(root, "sample1", "nobody.png"));
}

describe("faces of photographs", () => {
  const problems: Problem[] = [];
  const chips: Float32Array[] = [];
  const pictures: Picture[] = [];
  let points: (readonly (readonly [number, number])[])[];
  const notes = () => join(folder, "faces.json");

  beforeAll(async () => {
    const root = join(folder, "photographs");
    await writePhotographs(root);
    people = await loadPeople(root, { valPeople: 0 });
    const noted = await NotedFaces.open(notes(), device);
    const { train } = await prepareFaces(people, {
      alignment: "dlib",
      noted,
      onProblem: (problem) => problems.push(problem),
      onFace(_, face, picture) {
        chips.push(plainChip(picture, face, 150));
        pictures.push(picture);
      },
    });
    points = train.faces.map((face) => face.points!);
  }, 60_000);

  it("lie in chips as the encoder knows them: a face and its mirror image are one person's", async () => {
    expect(chips).toHaveLength(4);
    const encoder = await FaceEncoder.load(undefined, device);
    const encodings = await encoder.encodeChips(chips);
    await encoder.close();
    const distance = (i: number, j: number) => encodingDistance(encodings[i], encodings[j]);
    expect(distance(0, 1)).toBeLessThan(0.5);
    expect(distance(2, 3)).toBeLessThan(0.5);
    for (const [i, j] of [
      [0, 2],
      [0, 3],
      [1, 2],
      [1, 3],
    ])
      expect(distance(i, j)).toBeGreaterThan(0.6);
  });

  it("are told where there are none, and the picture is left out", () => {
    expect(problems).toMatchObject([
      { kind: "example-unreadable", detail: expect.stringContaining("No face") },
    ]);
    expect(problems[0].file).toContain("nobody.png");
  });

  it("are noted, and not looked for again", async () => {
    const kept = JSON.parse(await readFile(notes(), "utf8"));
    expect(Object.keys(kept)).toHaveLength(5);
    const nobody = Object.keys(kept).find((name) => name.startsWith("sample1/nobody.png "))!;
    expect(kept[nobody]).toBeNull();
    const noted = await NotedFaces.open(notes(), { ...device, detector: join(folder, "none.onnx") });
    const again = await prepareFaces(people, { alignment: "dlib", noted, onFace() {} });
    expect(again.train.faces.map((face) => face.points)).toEqual(points);
  });

  it("are looked for again in a picture that was replaced, and where the notes are cut off", async () => {
    const finds: Picture[] = [];
    const none = { ...device, detector: join(folder, "none.onnx") };
    const open = async (path: string) => {
      const noted = await NotedFaces.open(path, none);
      noted.find = async (picture) => void finds.push(picture);
      return noted;
    };
    const [source] = people.train[0].pictures;
    const picture = await openFace(source);
    await (await open(notes())).pointsOf(source, picture);
    expect(finds).toHaveLength(0);
    await utimes(source.bytes.file, new Date(0), new Date(0));
    await (await open(notes())).pointsOf(source, picture);
    expect(finds).toHaveLength(1);
    const cut = join(folder, "cut.json");
    await writeFile(cut, '{"sample1/plain.png');
    await (await open(cut)).pointsOf(source, picture);
    expect(finds).toHaveLength(2);
  });

  it("are not noted on a full disk, which is told unless something went wrong before", async () => {
    const noted = await NotedFaces.open(join(folder, "full.json"), device);
    const full = new FoveaError("output-unwritable", "The disk is full.");
    vi.spyOn(noted, "save").mockRejectedValue(full);
    const closed = vi.spyOn(noted, "close");
    const whole = { alignment: "none", noted, onFace() {} } as const;
    const stopped = prepareFaces(people, { ...whole, signal: AbortSignal.abort() });
    await expect(stopped).rejects.toMatchObject({ code: "interrupted" });
    await expect(prepareFaces(people, whole)).rejects.toBe(full);
    expect(closed).toHaveBeenCalledTimes(2);
    // While they are found it is not a picture's fault.
    vi.spyOn(noted, "pointsOf").mockRejectedValue(full);
    await expect(prepareFaces(people, { ...whole, alignment: "dlib" })).rejects.toBe(full);
  });

  it("fill their squares but for the room around them", () => {
    const side = 60;
    const [picture] = pictures;
    const { width, data } = faceSquare(picture, points[0], { side, zoom: 1.25 });
    expect(width).toBe(94); // 60 · 1.25 · 1.25
    const chip = plainChip(picture, { points: points[0] }, 75); // as dense as the square
    const margin = (94 - 75) / 2;
    let apart = 0;
    for (let y = 5; y < 70; y++) {
      for (let x = 5; x < 70; x++) {
        const at = (Math.round(y + margin) * 94 + Math.round(x + margin)) * 3;
        apart += Math.abs(data[at] - chip[y * 75 + x]) / 65 ** 2;
      }
    }
    expect(apart).toBeLessThan(12); // levels; they are sampled half a pixel apart
  });

  it("take their whole pictures where these are cut out", async () => {
    const noted = await NotedFaces.open(join(folder, "other.json"), device);
    const sample = { side: 480, grey: false, pictures };
    expect(await areCutOut(sample, noted)).toBe(false);
    const cut = pictures.map((picture, i) => {
      const [xs, ys] = [0, 1].map((k) => points[i].map((point) => point[k]));
      const [left, top] = [Math.min(...xs) - 12, Math.min(...ys) - 25].map(Math.round);
      const [right, bottom] = [Math.max(...xs) + 12, Math.max(...ys) + 8].map(Math.round);
      return cropPicture(picture, [left, top, right, bottom]);
    });
    expect(await areCutOut({ ...sample, pictures: cut }, noted)).toBe(true);
    await noted.close();
  }, 60_000);
});

describe("samplePictures", () => {
  it("tells grey pictures from coloured ones, and how large they usually are", async () => {
    const grey = join(folder, "grey");
    await writePeople(grey, [3, 3]);
    const { train } = await loadPeople(grey, { valPeople: 0 });
    const all = train.flatMap(({ pictures: own }) => own);
    expect(await samplePictures(all)).toMatchObject({ side: 44, grey: true });
    const picture = await openFace(all[0]);
    picture.data[30] = 255;
    await savePicture(picture, join(grey, "person-00", "0.png"));
    expect((await samplePictures(all)).grey).toBe(false);
  });
});
