import { expect, test } from "vitest";
import { loadDetectionDataset } from "../../src/data/index.ts";
import { makeFolder, png, turnedJpeg, vocXml } from "./folder-fixture.ts";

type Corners = [number, number, number, number];

async function loadOne(file: string, picture: Uint8Array, size: [number, number], corners: Corners) {
  const root = await makeFolder({
    // A sound pair beside it, so that the set is never empty.
    "sound.xml": vocXml({ objects: [["cat", 1, 2, 3, 4]] }),
    "sound.png": await png(),
    "a.xml": vocXml({ size, objects: [["cat", ...corners]] }),
    [file]: picture,
  });
  const { splits, problems } = await loadDetectionDataset(root, { valFraction: 0 });
  return { sample: splits.train.find(({ id }) => id === "a"), problems };
}

test.each<{ name: string; size: [number, number]; corners: Corners; box?: Corners; detail?: string }>([
  { name: "the same size", size: [100, 80], corners: [10, 20, 30, 40], box: [10, 20, 30, 40] },
  {
    name: "twice the size",
    size: [200, 160],
    corners: [20, 40, 60, 160],
    box: [10, 20, 30, 80],
    detail: "The annotation is for 200×160, the upright picture has 100×80: boxes scaled.",
  },
  {
    name: "a third, rounded",
    size: [33, 27],
    corners: [0, 0, 33, 27],
    box: [0, 0, 100, 80],
    detail: "The annotation is for 33×27, the upright picture has 100×80: boxes scaled.",
  },
  {
    name: "a smaller size that the boxes do not fit",
    size: [50, 40],
    corners: [10, 20, 90, 70],
    box: [10, 20, 90, 70],
    detail:
      "The annotation is for 50×40, the upright picture has 100×80, which the boxes fit: taken as they are.",
  },
  {
    name: "interchanged sides without EXIF",
    size: [80, 100],
    corners: [10, 20, 70, 70],
    box: [10, 20, 70, 70],
    detail: "The annotation is for 80×100, the upright picture has 100×80: boxes taken as they are.",
  },
  {
    name: "other proportions",
    size: [300, 100],
    corners: [10, 20, 30, 40],
    detail:
      "The annotation is for 300×100, the upright picture has 100×80, which is not a matter of scale: picture skipped.",
  },
])("$name", async ({ size, corners, box, detail }) => {
  const { sample, problems } = await loadOne("a.png", await png(100, 80, 1), size, corners);
  expect(sample?.boxes[0].box.map((value) => Number(value.toFixed(9)))).toEqual(box);
  expect(problems.map((problem) => [problem.kind, problem.detail])).toEqual(
    detail ? [["size-mismatch", detail]] : [],
  );
});

// Stored 100 × 80; the box (10, 20)–(30, 50) was drawn on the stored pixels, which the viewer turns.
test.each<[orientation: number, upright: [number, number], box: Corners]>([
  [5, [80, 100], [20, 10, 50, 30]],
  [6, [80, 100], [30, 10, 60, 30]],
  [7, [80, 100], [30, 70, 60, 90]],
  [8, [80, 100], [20, 70, 50, 90]],
])("boxes drawn before EXIF orientation %i are turned with the picture", async (orientation, upright, box) => {
  const picture = await turnedJpeg(100, 80, orientation);
  const { sample, problems } = await loadOne("a.jpg", picture, [100, 80], [10, 20, 30, 50]);
  expect([sample?.width, sample?.height]).toEqual(upright);
  expect(sample?.boxes[0].box).toEqual(box);
  expect(problems.map(({ kind }) => kind)).toEqual(["size-mismatch"]);
  expect(problems[0].detail).toContain("because EXIF turns it");
});

test("a picture without EXIF is upright, even where sharp does not know the format", async () => {
  const pgm = Buffer.concat([Buffer.from("P5 100 80 255\n"), Buffer.alloc(100 * 80)]);
  const { sample, problems } = await loadOne("a.pgm", pgm, [80, 100], [10, 20, 70, 70]);
  expect(sample?.boxes[0].box).toEqual([10, 20, 70, 70]);
  expect(problems.map(({ kind }) => kind)).toEqual(["size-mismatch"]);
});

test("boxes drawn on the picture as EXIF shows it stay as they are, without a word", async () => {
  const picture = await turnedJpeg(100, 80, 6);
  const { sample, problems } = await loadOne("a.jpg", picture, [80, 100], [10, 20, 30, 90]);
  expect(sample?.boxes[0].box).toEqual([10, 20, 30, 90]);
  expect(problems).toEqual([]);
});
