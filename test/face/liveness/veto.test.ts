import { expect, it, vi } from "vitest";
import { LivenessCheck } from "../../../src/face/liveness/liveness-check.ts";
import { add, encodeModel, Graph, mul, reduceMean } from "../../../src/graph/index.ts";

/** What the two nets answer to anything. */
const answers: Record<string, number> = {};

vi.mock(import("../../../src/face/liveness/convert.ts"), async (importOriginal) => ({
  ...(await importOriginal()),
  openReadyLivenessNet: async (name: string) => {
    const graph = new Graph();
    const side = name === "antispoof" ? 128 : 32;
    const mean = reduceMean(graph.input("picture", [1, 3, side, side]), [1, 2, 3], false);
    const probability = add(mul(mean, 0), answers[name]);
    return { bytes: encodeModel({ outputs: { probability } }), path: "", wasCached: true };
  },
}));

it.each([
  [0.75, 0.625, 0.5, true],
  [0.25, 0.75, 0.5, false],
  [0.75, 0.25, 0.5, false],
  [0.5, 0.75, 0.5, true],
  [0.75, 0.75, 0.875, false],
])("antispoof %d and liveness %d at threshold %d: passed %s", async (antispoof, liveness, threshold, passed) => {
  Object.assign(answers, { antispoof, liveness });
  const check = await LivenessCheck.load({ threshold });
  const picture = { width: 8, height: 8, data: new Uint8Array(8 * 8 * 3).fill(90) };
  expect(await check.judge(picture, [2, 2, 6, 6])).toEqual({ antispoof, liveness, passed });
  await check.close();
});
