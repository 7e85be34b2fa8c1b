import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Writable } from "node:stream";
import { Command } from "commander";
import sharp from "sharp";
import { afterEach, describe, expect, it, onTestFinished, vi } from "vitest";
import { addDetectProposals } from "../../src/cli/commands/detect-proposals.ts";
import { jsonPieces, type Outcome, printPieces } from "../../src/cli/commands/proposal-json.ts";
import { loadLabels } from "../../src/cli/commands/proposal-labels.ts";
import { FoveaError } from "../../src/core/index.ts";
import { evaluateProposals } from "../../src/detect/index.ts";

afterEach(() => vi.restoreAllMocks());

describe("the JSON of proposals", () => {
  const options = { mode: "fast" as const, most: 2, seed: 3 };
  const result = (file: string) => ({
    file,
    width: 9,
    height: 8,
    blobs: 4,
    boxes: Float32Array.of(0, 1.234, 5, 6, 2, 2, 8, 7.999),
  });

  it("comes in a piece for each picture, however many there are", () => {
    const outcome: Outcome = {
      results: Array.from({ length: 1000 }, (_, i) => result(`${i}.png`)),
      failures: [new FoveaError("picture-missing", "Picture `x` does not exist.")],
      evaluation: evaluateProposals([{ classIndex: 0, overlap: 0.75 }], ["cell"]),
    };
    const pieces = [...jsonPieces(outcome, options)];
    expect(pieces.length).toBeGreaterThan(1000);
    expect(Math.max(...pieces.map(({ length }) => length))).toBeLessThan(500);
    const text = pieces.join("");
    expect(text.indexOf('"evaluation"')).toBeLessThan(text.indexOf('"pictures"'));
    const value = JSON.parse(text);
    expect(value).toMatchObject({
      ...options,
      evaluation: { objects: 1, recall70: 1 },
      failures: [{ code: "picture-missing", message: "Picture `x` does not exist." }],
    });
    expect(value.pictures).toHaveLength(1000);
    expect(value.pictures[7]).toEqual({
      ...result("7.png"),
      boxes: [
        [0, 1.23, 5, 6],
        [2, 2, 8, 8],
      ],
    });
  });

  it("is one value without any picture, and without labels", () => {
    const text = [...jsonPieces({ results: [], failures: [] }, options)].join("");
    expect(JSON.parse(text)).toEqual({ ...options, pictures: [], failures: [] });
  });
});

describe("printing pieces", () => {
  /** A stream whose reader leaves after so many pieces, and what reached it. */
  function readUntil(most: number) {
    const read: string[] = [];
    const left = vi.fn();
    const stream = new Writable({
      decodeStrings: false,
      highWaterMark: 1,
      write(piece: string, _, done) {
        if (read.length === most) return done(Object.assign(new Error("write EPIPE"), { code: "EPIPE" }));
        read.push(piece);
        setImmediate(done);
      },
    }).on("error", left);
    return { stream, read, left };
  }

  it("waits for its reader, and ends without an error where that leaves", async () => {
    const all = readUntil(3);
    await printPieces(["a", "b", "c"], all.stream);
    expect(all.read).toEqual(["a", "b", "c"]);
    expect(all.left).not.toHaveBeenCalled();
    const some = readUntil(2);
    await printPieces(["a", "b", "c", "d", "e"], some.stream);
    expect(some.read).toEqual(["a", "b"]);
    expect(some.left).toHaveBeenCalledOnce();
    await printPieces(["f"], some.stream);
    expect(some.read).toEqual(["a", "b"]);
  });
});

it("labels of a part that the data do not have are asked for elsewhere", async () => {
  const folder = await mkdtemp(join(tmpdir(), "fovea-proposals-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  for (const name of ["images", "labels"]) await mkdir(join(folder, name));
  const picture = sharp({ create: { width: 64, height: 48, channels: 3, background: "#48c" } });
  await picture.png().toFile(join(folder, "images", "a.png"));
  await writeFile(join(folder, "data.yaml"), "path: .\ntrain: images\nval: images\nnames: [sky]\n");
  await writeFile(join(folder, "labels", "a.txt"), "0 0.5 0.5 0.5 0.5\n");
  const labelsOf = (split: string) => loadLabels(folder, { split, quiet: true } as never);
  expect((await labelsOf("all")).objects.size).toBe(1);
  await expect(labelsOf("test")).rejects.toMatchObject({
    code: "split-empty",
    message: expect.stringContaining('no pictures in "test"; choose --split train or '),
  });
});

describe("fovea detect proposals", () => {
  /** What is said on stderr of options, before no picture is found. */
  async function said(line: string): Promise<string> {
    const written: string[] = [];
    vi.spyOn(process.stderr, "write").mockImplementation((text) => written.push(String(text)) > 0);
    const program = new Command();
    addDetectProposals(program);
    await program
      .parseAsync(["proposals", "nowhere.png", ...line.split(" ").filter(Boolean)], { from: "user" })
      .catch(() => {});
    return written.join("");
  }

  it.each([
    ["--split val --format voc", "--split, --format: no effect without --data.\n"],
    ["--show 5", "--show: no effect without --out: nothing is drawn.\n"],
    ["--mode single --most 5", ""],
  ])("says what has no effect: %s", async (line, words) => {
    expect(await said(line)).toBe(words);
  });
});
