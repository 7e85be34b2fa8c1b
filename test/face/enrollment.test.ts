import { readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  type Enrollment,
  enrollPicture,
  type FaceFinder,
  type GalleryForEnrollment,
} from "../../src/face/index.ts";
import { savePicture } from "../../src/image/index.ts";

/** Points of a face that is in a photograph. */
const [{ points }]: { points: [number, number][] }[] = JSON.parse(
  readFileSync("test/golden/face-chips.json", "utf8"),
);

let folder: string;
let file: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "fovea-enroll-"));
  file = join(folder, "zoe.png");
  await savePicture({ width: 40, height: 30, data: new Uint8Array(3600).fill(120) }, file);
});
afterAll(() => rm(folder, { recursive: true }));

/** Finds one face in every picture. */
const finder = {
  find: async () => [{ box: [1, 1, 20, 20], score: 1, points, encoding: new Float32Array(128) }],
} as unknown as FaceFinder;

/** A gallery in which Zoë and Ada are the nearest. */
function galleryOf(enrolled: Enrollment[]): GalleryForEnrollment {
  const matches = [
    { name: "Zoë", distance: 0.2 },
    { name: "Ada", distance: 0.7 },
  ];
  return {
    hasPicture: async () => false,
    identify: async () => ({ matches }),
    enroll: async (enrollment) => {
      enrolled.push(enrollment);
      return { added: 1 };
    },
  };
}

describe("enrollPicture", () => {
  it.each(["Zoë", "Zoe\u0308 "])("takes %j for nobody else than Zoë", async (name) => {
    const enrolled: Enrollment[] = [];
    const answer = await enrollPicture(galleryOf(enrolled), finder, name, file, { limits: null });
    expect(answer).toMatchObject({ outcome: "enrolled", nearest: { name: "Ada", distance: 0.7 } });
    expect(enrolled).toMatchObject([{ name, faces: [{ picture: { source: file } }] }]);
  });

  it("tells of another person who is nearest", async () => {
    const answer = await enrollPicture(galleryOf([]), finder, "Bob", file, { limits: null });
    expect(answer.nearest).toEqual({ name: "Zoë", distance: 0.2 });
  });

  it("refuses a name before the picture is read", async () => {
    const enrolling = enrollPicture(galleryOf([]), finder, " ", join(folder, "none.jpg"));
    await expect(enrolling).rejects.toMatchObject({ code: "name-invalid" });
  });
});
