import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { LivenessCheck } from "../../../src/face/index.ts";
import type { Xyxy } from "../../../src/geometry/index.ts";
import { useTemporaryCache } from "../../models/temporary-cache.ts";
import { openPhotograph } from "../photographs.ts";

/** Faces of sample5.jpg as the detector finds them. */
const faces: Xyxy[] = [
  [787, 109, 943, 321],
  [313, 897, 629, 1210],
];

useTemporaryCache();
let check: LivenessCheck;
beforeAll(async () => {
  check = await LivenessCheck.load();
});
afterAll(() => check.close());

describe("LivenessCheck", () => {
  it("lets faces of a photographer pass", async () => {
    const picture = await openPhotograph({ name: "sample5.jpg", mirror: false });
    for (const box of faces) {
      const judged = await check.judge(picture, box);
      expect(judged.antispoof).toBeGreaterThan(0.5);
      expect(judged.liveness).toBeGreaterThan(0.5);
      expect(judged.passed).toBe(true);
    }
  });

  it("vetoes where one of the nets stays below the threshold", async () => {
    const strict = await LivenessCheck.load({ threshold: 0.9999 });
    const picture = await openPhotograph({ name: "sample5.jpg", mirror: false });
    expect((await strict.judge(picture, faces[0])).passed).toBe(false);
    await strict.close();
  });

  it("judges what it sees: a grey square otherwise than a face", async () => {
    const picture = await openPhotograph({ name: "sample5.jpg", mirror: false });
    const grey = { width: 200, height: 200, data: new Uint8Array(200 * 200 * 3).fill(128) };
    const [face, square] = [
      await check.judge(picture, faces[0]),
      await check.judge(grey, [50, 50, 150, 150]),
    ];
    expect(Math.abs(face.antispoof - square.antispoof)).toBeGreaterThan(0.05);
  });

  it("takes a box at the picture's edge", async () => {
    const picture = await openPhotograph({ name: "sample5.jpg", mirror: false });
    const { antispoof } = await check.judge(picture, [0, 0, 40, 40]);
    expect(antispoof).toBeGreaterThanOrEqual(0);
    expect(antispoof).toBeLessThanOrEqual(1);
  });
});
