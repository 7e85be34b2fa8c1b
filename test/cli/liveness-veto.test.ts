import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { addFaceIdentify } from "../../src/cli/commands/face-identify.ts";
import { addFaceVerify } from "../../src/cli/commands/face-verify.ts";
import { FaceFinder, Gallery, LivenessCheck } from "../../src/face/index.ts";
import { listenToStdout, runCommand } from "./run-command.ts";

let folder: string;
let picture: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "fovea-veto-"));
  picture = join(folder, "a.png");
  await sharp({ create: { width: 40, height: 30, channels: 3, background: "#48c" } }).toFile(picture);
});
afterAll(() => rm(folder, { recursive: true }));
afterEach(() => vi.restoreAllMocks());

/** What a command prints where every picture shows one face, Ada's, which the liveness nets let pass or not. */
async function run(passed: boolean, ...argv: string[]): Promise<string> {
  const face = { box: [8, 5, 28, 25], score: 1, points: [], encoding: new Float32Array(128) };
  const encoder = { name: "stub", digest: "0".repeat(64), size: 128 };
  const close = async () => {};
  vi.spyOn(FaceFinder, "load").mockResolvedValue({ encoder, find: async () => [face], close } as never);
  const gallery = {
    people: async () => [{ name: "Ada" }],
    stats: async () => ({ faces: 1 }),
    identify: async () => ({ matches: [{ name: "Ada", distance: 0.25 }], search: "exact" }),
    close,
  };
  vi.spyOn(Gallery, "open").mockResolvedValue(gallery as never);
  const judge = vi.fn(async () => ({ antispoof: passed ? 0.75 : 0.25, liveness: 0.75, passed }));
  vi.spyOn(LivenessCheck, "load").mockResolvedValue({ judge, close } as never);
  const written = listenToStdout();
  await runCommand([addFaceIdentify, addFaceVerify], [...argv, "--threshold", "0.5"]);
  expect(judge.mock.calls).toEqual(
    argv.includes("--liveness") ? [[expect.objectContaining({ width: 40, height: 30 }), face.box]] : [],
  );
  return written();
}

describe("fovea face identify --liveness", () => {
  it("names nobody whose face the nets veto, in words, numbers and drawings", async () => {
    expect(await run(false, "identify", picture, "--liveness")).toMatch(
      /unknown \(nearest Ada, distance 0\.250\) .*, vetoed by the liveness check/,
    );
    const out = join(folder, "out");
    const answer = JSON.parse(await run(false, "identify", picture, "--liveness", "--json", "--out", out));
    const [face] = answer.pictures[0].faces;
    expect(face).toMatchObject({ name: null, nearest: [{ name: "Ada" }], liveness: { passed: false } });
    const vetoed = await readFile(join(out, "a.png"));
    await run(true, "identify", picture, "--liveness", "--out", out);
    expect(vetoed.equals(await readFile(join(out, "a.png")))).toBe(false);
  });

  it("names whom they let pass, and everybody where it is not asked for", async () => {
    expect(await run(true, "identify", picture, "--liveness")).toMatch(/^ {2}Ada \(distance 0\.250\)/m);
    expect(await run(false, "identify", picture)).toMatch(/^ {2}Ada \(distance 0\.250\)/m);
  });
});

describe("fovea face verify --liveness", () => {
  it("refuses a face that the nets veto, however near it is", async () => {
    const text = await run(false, "verify", picture, picture, "--liveness");
    expect(text).toMatch(/^different people: distance 0\.000/);
    expect(text).toContain("liveness vetoed: 0.25 and 0.75 of 1");
    const answer = JSON.parse(await run(false, "verify", picture, picture, "--liveness", "--json"));
    expect(answer).toMatchObject({ same: false, distance: 0, liveness: { passed: false } });
  });

  it("accepts one that they let pass", async () => {
    const text = await run(true, "verify", picture, picture, "--liveness");
    expect(text).toMatch(/^the same person: distance 0\.000/);
    expect(text).toContain("liveness passed: 0.75 and 0.75 of 1");
    expect(await run(false, "verify", picture, picture)).toMatch(/^the same person/);
  });
});
