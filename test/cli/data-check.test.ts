import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { Command } from "commander";
import sharp from "sharp";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { addDataCheck } from "../../src/cli/commands/data-check.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "fovea-check-"));
  const png = (red: number) => {
    const background = { r: red, g: 80, b: 200 }; // no picture is another's copy
    return sharp({ create: { width: 40, height: 30, channels: 3, background } })
      .png()
      .toBuffer();
  };
  const line = (label: string, last = 0.8) => `${label},0.1,0.2,0.4,${last}`;
  const files: Record<string, string | Buffer> = {
    "pets/cat/1.png": await png(1),
    "pets/cat/2.png": await png(2),
    "pets/cat/3.png": await png(3),
    "pets/dog/1.png": await png(4),
    "pets/dog/2.png": await png(5),
    "pets/dog/3.png": "no picture",
    "pets/stray.png": await png(6),
    "waves.csv": [line("up"), line("down"), line("up", 0.9), "down,0.1,x,0.3,0.4", line("down", 0)].join(
      "\n",
    ),
    "unlabelled/images/train/a.png": await png(1),
    "unlabelled/images/val/b.png": await png(2),
    "one/cat/1.png": await png(1),
  };
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), content);
  }
});
afterAll(() => rm(folder, { recursive: true }));
afterEach(() => vi.restoreAllMocks());

/** What is printed on stdout, and said on stderr. */
async function check(data: string, ...argv: string[]): Promise<{ stdout: string; stderr: string }> {
  const written = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const) {
    vi.spyOn(process[name], "write").mockImplementation((text) => {
      written[name] += text;
      return true;
    });
  }
  const program = new Command().exitOverride();
  addDataCheck(program);
  await program.parseAsync(["check", join(folder, data), ...argv], { from: "user" });
  return written;
}

describe("data check of pictures to classify", () => {
  it("counts classes and splits, measures pictures and lists all problems", async () => {
    const { stdout } = await check("pets", "--seed", "4");
    expect(stdout).toMatch(/pets: pictures to classify, 10 % of each class drawn for validation with seed 4/);
    expect(stdout).toMatch(/^train +4$/m);
    expect(stdout).toMatch(/^val +2$/m);
    expect(stdout).toMatch(/^cat +3 +2 +1$/m);
    expect(stdout).toMatch(/^dog +3 +2 +1$/m);
    expect(stdout).toMatch(/^picture width +40 /m);
    for (const file of ["stray.png", "dog/3.png"]) {
      expect(stdout).toMatch(new RegExp(`^ {2}${join(folder, "pets", file)}: .+\\.$`, "m"));
    }
  });

  it("prints one JSON value", async () => {
    const summary = JSON.parse((await check("pets", "--json")).stdout);
    expect(summary).toMatchObject({
      kind: "pictures",
      splits: { train: 4, val: 2, test: 0 },
      classes: [
        { name: "cat", examples: 3, splits: { train: 2, val: 1, test: 0 } },
        { name: "dog", examples: 3, splits: { train: 2, val: 1, test: 0 } },
      ],
      pictures: { width: { min: 40, max: 40 }, height: { min: 30, max: 30 } },
      problems: { "example-unreadable": 1, "picture-unreadable": 1 },
    });
    expect(summary.problemDetails).toHaveLength(2);
  });

  it("is strict if asked to, and draws no boxes", async () => {
    await expect(check("pets", "--strict")).rejects.toMatchObject({
      code: "dataset-problems",
      message: expect.stringContaining("pets has 2 problems"),
    });
    await expect(check("pets", "--out", join(folder, "sheet.png"))).rejects.toMatchObject({
      code: "dataset-format",
      message: expect.stringContaining("--out"),
    });
  });
});

describe("data check of sequences", () => {
  it("says how long they are, and what is wrong with a line", async () => {
    const { stdout } = await check("waves.csv");
    expect(stdout).toMatch(/waves\.csv: sequences to classify of 4 time steps, 1 channel, 10 %/);
    expect(stdout).toMatch(/^up +2 +1 +1$/m);
    expect(stdout).toMatch(/^ {2}.*waves\.csv:4: /m);
    expect(stdout).toMatch(
      /^ {2}.*: Sequence `waves\.csv:2` of class `down` is, value for value, `waves\.csv:1` of/m,
    );
    expect((await check("waves.csv", "--channels", "2")).stdout).toContain("of 2 time steps, 2 channels");
  });
});

describe("data check of neither", () => {
  it.each([
    ["unlabelled", "cat/1.jpg"],
    ["one", '"cat"'],
    ["pets/cat", "cat/1.jpg"],
  ])("tells of %s what was looked for, and that there are no classes", async (data, text) => {
    await expect(check(data)).rejects.toMatchObject({
      code: "dataset-format",
      message: expect.stringMatching(
        /^No data set in .*Pascal VOC.*YOLO.*Nor are there examples to classify: /,
      ),
    });
    await expect(check(data)).rejects.toThrow(text);
  });
});
