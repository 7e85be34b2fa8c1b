import { mkdir, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { detectCommand, detectInFiles } from "../../src/cli/commands/detect-files.ts";
import { Detector } from "../../src/detect/index.ts";
import type { Picture } from "../../src/image/index.ts";
import { listenToStdout } from "./run-command.ts";

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
    const open = async () => ({ find: async () => [], close: async () => {} });
    const patterns = [join(folder, "a.png"), join(folder, "none", "*.png")];
    const error = await detectCommand(patterns, options as never, open).catch((thrown) => thrown);
    expect(error).toBeInstanceOf(AggregateError);
    const answer = JSON.parse(written.join(""));
    expect(answer.failures).toHaveLength(1);
    expect(JSON.parse(await readFile(join(out, "detections.json"), "utf8"))).toEqual(answer);
  });

  it("keeps nothing from being told by not being writable, and is tried before a net is opened", async () => {
    const written = listenToStdout();
    const out = join(folder, "unwritable");
    await mkdir(join(out, "detections.json"), { recursive: true });
    const options = { model: "none", out, quiet: true, device: "cpu" } as const;
    const open = vi.fn(async () => ({ find: async () => [], close: async () => {} }));
    const [picture, missing] = [join(folder, "a.png"), join(folder, "none.png")];
    const error = await detectCommand([picture, missing], options as never, open).catch((thrown) => thrown);
    expect(written()).toBe(`${picture}: nothing found\n`);
    expect(error.errors.map(({ code }: { code: string }) => code)).toEqual([
      "output-unwritable",
      "picture-missing",
    ]);
    open.mockClear();
    const nowhere = { ...options, out: join(picture, "out") };
    await expect(detectCommand([picture], nowhere as never, open)).rejects.toMatchObject({
      code: "output-unwritable",
    });
    expect(open).not.toHaveBeenCalled();
  });
});

describe("a picture in which nothing is seen at first", () => {
  /** Sees one thing in the middle of any picture but the file's own, which is 40 pixels wide. */
  const look = async (label: string) => {
    const detect = vi.fn(async ({ width, height }: Picture) => {
      const box = [width / 2 - 2, height / 2 - 2, width / 2 + 2, height / 2 + 2];
      return { detections: width === 40 ? [] : [{ label, classIndex: 0, score: 0.9, box }] };
    });
    const detector = { classes: [label], detect, close: async () => {} };
    vi.spyOn(Detector, "load").mockResolvedValue(detector as never);
    const options = { model: "net.onnx", quiet: true, device: "cpu" } as const;
    const { results } = await detectInFiles([join(folder, "a.png")], options);
    return { found: results[0].detections, looks: detect.mock.calls.length };
  };

  it("is looked at again, from farther away, by a detector of faces", async () => {
    const { found, looks } = await look("face");
    expect(found).toMatchObject([{ label: "face", box: [18, 13, 22, 17] }]);
    expect(looks).toBe(2);
  });

  it("is left at that by others", async () => {
    expect(await look("thing")).toEqual({ found: [], looks: 1 });
  });
});
