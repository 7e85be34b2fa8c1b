import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { detectCommand } from "../../src/cli/commands/detect-files.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "fovea-detect-"));
  const picture = sharp({ create: { width: 40, height: 30, channels: 3, background: "#48c" } });
  await picture.png().toFile(join(folder, "a.png"));
});
afterAll(() => rm(folder, { recursive: true }));
afterEach(() => vi.restoreAllMocks());

describe("detections.json", () => {
  it("tells of all that --json tells, patterns that name nothing among it", async () => {
    const written: string[] = [];
    vi.spyOn(process.stdout, "write").mockImplementation((text) => written.push(String(text)) > 0);
    const out = join(folder, "out");
    const options = { model: "none", out, quiet: true, json: true, device: "cpu" } as const;
    const timings = { prepareMs: 0, inferMs: 0, finishMs: 0 };
    const open = async () => ({
      classes: ["thing"],
      detect: async () => ({ detections: [], width: 40, height: 30, timings }),
      close: async () => {},
    });
    const patterns = [join(folder, "a.png"), join(folder, "none", "*.png")];
    const error = await detectCommand(patterns, options as never, open as never).catch((thrown) => thrown);
    expect(error).toBeInstanceOf(AggregateError);
    const answer = JSON.parse(written.join(""));
    expect(answer.failures).toHaveLength(1);
    expect(JSON.parse(await readFile(join(out, "detections.json"), "utf8"))).toEqual(answer);
  });
});
