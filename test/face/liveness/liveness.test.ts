import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { LivenessCheck } from "../../../src/face/index.ts";
import type { Xyxy } from "../../../src/geometry/index.ts";
import { useTemporaryCache } from "../../models/temporary-cache.ts";
import { openPhotograph } from "../photographs.ts";

/** Two faces of sample5.jpg, and what the original nets answer to them: of the second, that it lives and that it does not. */
const golden: { box: Xyxy; scores: { antispoof: [number]; liveness: [number, number] } }[] = JSON.parse(
  readFileSync("test/golden/liveness.json", "utf8"),
);
const faces = golden.map(({ box }) => box);

useTemporaryCache();
let check: LivenessCheck;
beforeAll(async () => {
  check = await LivenessCheck.load();
});
afterAll(() => check.close());

describe("LivenessCheck", () => {
  it("answers to faces of a photograph as the original nets do, and lets them pass", async () => {
    const picture = await openPhotograph({ name: "sample5.jpg", mirror: false });
    for (const { box, scores } of golden) {
      const judged = await check.judge(picture, box);
      expect(judged.antispoof).toBeCloseTo(scores.antispoof[0], 4);
      expect(judged.liveness).toBeCloseTo(scores.liveness[0], 4);
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
