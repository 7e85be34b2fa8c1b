import { copyFile, mkdir, mkdtemp, readFile, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  encodePictures,
  evaluatePairs,
  type MainFace,
  type PairList,
  type PictureEncoder,
  picturesOf,
  readPairedPeople,
  readPairs,
  verificationFigures,
  writeVerificationReport,
} from "../../../src/face/verification/index.ts";
import { type Picture, savePicture } from "../../../src/image/index.ts";

const model = { name: "mean colour", digest: "d", size: 3 };

/** Takes a picture's mean colour for its face; finds none in black ones, and grey ones at a second look. */
const byColour: PictureEncoder = {
  model,
  mirror: false,
  encode: async ({ width, height, data }: Picture): Promise<MainFace | undefined> => {
    const colour = new Float32Array(3);
    for (let i = 0; i < data.length; i++) colour[i % 3] += data[i] / (width * height * 255);
    if (Math.max(...colour) < 0.1) return undefined;
    const isGrey = Math.max(...colour) - Math.min(...colour) < 0.05;
    return {
      box: [4, 4, width - 4, height - 4],
      score: 1,
      encoding: colour,
      look: isGrey ? "wider" : "first",
    };
  },
};

let folder: string;
/** 10 people, each of one colour, with two pictures; a grey person, and a picture without a face. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "fovea-verify-"));
  const paint = async (name: string, colour: readonly number[]) => {
    const data = Uint8Array.from({ length: 24 * 20 * 3 }, (_, i) => colour[i % 3]);
    await savePicture({ width: 24, height: 20, data }, join(folder, `${name}.png`));
  };
  for (let person = 0; person < 10; person++) {
    await mkdir(join(folder, `p${person}`));
    for (const n of [1, 2]) await paint(`p${person}/${n}`, [250 - 20 * person, 20 * person, 20 * n]);
  }
  await paint("grey", [128, 128, 128]);
  await paint("black", [0, 0, 0]);
  await mkdir(join(folder, "empty"));
  await writeFile(join(folder, "broken.png"), "no picture");
});
afterAll(() => rm(folder, { recursive: true }));

async function listOf(rows: readonly string[]): Promise<PairList> {
  const path = join(folder, "pairs.csv");
  await writeFile(path, ["image_a,image_b,same", ...rows].join("\n"));
  return readPairs(path, folder);
}

const rows = Array.from({ length: 10 }, (_, i) => [
  `p${i}/1.png,p${i}/2.png,1`,
  `p${i}/1.png,p${(i + 1) % 10}/2.png,0`,
]).flat();

describe("encodePictures", () => {
  it("encodes each file once, and tells of each", async () => {
    const paths = ["p0/1.png", "grey.png", "p0/1.png", "black.png", "broken.png"].map((name) =>
      join(folder, name),
    );
    const told: [number, number, string][] = [];
    const encoded = await encodePictures(byColour, paths, { onProgress: (...now) => told.push(now) });
    expect(told).toEqual([0, 1, 3, 4].map((place, i) => [i + 1, 4, paths[place]]));
    expect(encoded.get(paths[0])).toMatchObject({ box: [4, 4, 20, 16], look: "first" });
    expect(encoded.get(paths[1])!.look).toBe("wider");
    expect(encoded.get(paths[3])).toEqual({ path: paths[3] });
    expect(encoded.get(paths[4])!.problem).toMatchObject({ code: "picture-unreadable" });
  });

  it("stops when it is told to", async () => {
    const controller = new AbortController();
    const paths = [1, 2].flatMap((n) => [`p0/${n}.png`, `p1/${n}.png`]).map((name) => join(folder, name));
    let done = 0;
    const running = encodePictures(byColour, paths, {
      signal: controller.signal,
      onProgress: () => {
        if (++done === 2) controller.abort();
      },
    });
    await expect(running).rejects.toThrow(/abort/i);
    expect(done).toBe(2);
    expect(await encodePictures(byColour, [])).toEqual(new Map());
  });
});

describe("evaluatePairs", () => {
  it("judges all pairs, those without a face as different", async () => {
    const list = await listOf([
      ...rows,
      "p0/1.png,black.png,1",
      "broken.png,p1/1.png,0",
      "grey.png,p2/1.png,0",
    ]);
    const encoded = await encodePictures(byColour, picturesOf(list));
    const evaluation = evaluatePairs(list, encoded, byColour);
    expect(evaluation).toMatchObject({
      encoder: model,
      mirror: false,
      pictures: 23,
      withoutFace: 2,
      secondLooks: 1,
      looks: { first: 20, wider: 1, faint: 0, square: 0 },
    });
    expect(evaluation.pairs.map(({ distance }) => distance).filter(Number.isFinite)).toHaveLength(21);
    // One of 23 is wrong: the same pair without a face.
    expect(evaluation.best.accuracy).toBeCloseTo(22 / 23, 12);
    expect(evaluation.protocol.folds).toHaveLength(10);
    expect(JSON.parse(JSON.stringify(verificationFigures(evaluation)))).toMatchObject({
      pairs: 23,
      samePairs: 11,
      withoutFace: 2,
      tarAtFar: [
        { far: 0.1, tar: 10 / 11 },
        { far: 0.01, tar: null, needed: 100 },
        { far: 0.001, tar: null },
      ],
    });
  });

  it("takes the list's folds, and makes fewer where there are few pairs", async () => {
    const list = await listOf(rows.slice(0, 6));
    const encoded = await encodePictures(byColour, picturesOf(list));
    expect(evaluatePairs(list, encoded, byColour).protocol.folds).toHaveLength(3);
    const given = { ...list, pairs: list.pairs.map((pair, i) => ({ ...pair, fold: i < 4 ? 7 : 9 })) };
    expect(evaluatePairs(given, encoded, byColour).protocol.folds.map(({ fold }) => fold)).toEqual([7, 9]);
    expect(() => evaluatePairs(list, encoded, byColour, { folds: 4 })).toThrow(
      expect.objectContaining({ code: "folds-too-few" }),
    );
  });

  it("refuses pairs of one kind", async () => {
    const list = await listOf(rows.filter((row) => row.endsWith("1")));
    expect(() => evaluatePairs(list, new Map(), byColour)).toThrow(
      expect.objectContaining({ code: "pairs-one-kind" }),
    );
  });
});

describe("writeVerificationReport", () => {
  it("writes figures, all distances, curves and the worst mistakes", async () => {
    const out = join(folder, "report");
    const list = await listOf([...rows, "p0/1.png,p9/1.png,1", "p3/1.png,broken.png,1"]);
    const encoded = await encodePictures(byColour, picturesOf(list));
    const evaluation = evaluatePairs(list, encoded, byColour);
    const path = await writeVerificationReport({ out, list, evaluation, encoded });
    const html = await readFile(path, "utf8");
    for (const text of [
      "Verification of pairs.csv",
      "22 pairs of 21 pictures",
      "Worst mistakes",
      "amid an empty frame",
    ]) {
      expect(html).toContain(text);
    }
    const csv = (await readFile(join(out, "pairs.csv"), "utf8")).trim().split("\n");
    expect(csv[0]).toBe("image_a,image_b,same,distance,matched");
    expect(csv).toHaveLength(23);
    expect(csv[22]).toBe("p3/1.png,broken.png,1,,0");
    expect(JSON.parse(await readFile(join(out, "evaluation.json"), "utf8"))).toMatchObject({ pairs: 22 });
    for (const plot of ["roc.png", "det.png", "distances.png", "mistakes.jpg"]) {
      expect((await stat(join(out, "plots", plot))).size).toBeGreaterThan(1000);
    }
  });

  it("has no sheet of mistakes where there are none", async () => {
    const out = join(folder, "perfect");
    const list = await listOf(rows);
    const encoded = await encodePictures(byColour, picturesOf(list));
    const evaluation = evaluatePairs(list, encoded, byColour);
    expect(evaluation.best.accuracy).toBe(1);
    const html = await readFile(await writeVerificationReport({ out, list, evaluation, encoded }), "utf8");
    expect(html).not.toContain("Worst mistakes");
  });
});

describe("readPairedPeople", () => {
  it("finds people and their pictures, and leaves out empty folders", async () => {
    const people = await readPairedPeople(folder);
    expect(people.map(({ name }) => name).filter((name) => name.startsWith("p"))).toHaveLength(12 - 2);
    expect(people.find(({ name }) => name === "p3")!.pictures).toEqual(
      [1, 2].map((n) => join(folder, "p3", `${n}.png`)),
    );
    expect(people.some(({ name }) => name === "empty")).toBe(false);
  });

  it("finds people behind links, and nobody in hidden folders", async () => {
    const linked = join(folder, "linked");
    await mkdir(join(linked, ".thumbnails"), { recursive: true });
    await copyFile(join(folder, "p0", "1.png"), join(linked, ".thumbnails", "1.png"));
    for (const name of ["p1", "p2"]) await symlink(join(folder, name), join(linked, name), "junction");
    await symlink(join(folder, "gone"), join(linked, "p3"), "junction");
    expect((await readPairedPeople(linked)).map(({ name }) => name)).toEqual(["p1", "p2"]);
    await rm(linked, { recursive: true });
  });

  it("needs two people, and a folder", async () => {
    await expect(readPairedPeople(join(folder, "p0"))).rejects.toMatchObject({ code: "people-too-few" });
    await expect(readPairedPeople(join(folder, "nobody"))).rejects.toMatchObject({ code: "folder-missing" });
  });
});
