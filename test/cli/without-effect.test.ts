import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Command } from "commander";
import sharp from "sharp";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { addClassifyTrain } from "../../src/cli/commands/classify-train.ts";
import { addFaceCalibrate } from "../../src/cli/commands/face-calibrate.ts";
import { addFaceEval } from "../../src/cli/commands/face-eval.ts";
import { addFaceTrain } from "../../src/cli/commands/face-train.ts";
import { landmarksCommand } from "../../src/cli/commands/landmarks-files.ts";
import { Detector } from "../../src/detect/index.ts";
import { encodePicture } from "../../src/image/index.ts";
import { Landmarker } from "../../src/landmarks/index.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "fovea-effect-"));
  const picture = sharp({ create: { width: 40, height: 30, channels: 3, background: "#48c" } });
  await picture.png().toFile(join(folder, "a.png"));
});
afterAll(() => rm(folder, { recursive: true }));
afterEach(() => vi.restoreAllMocks());

/** What is said on stderr meanwhile. */
async function said(work: () => Promise<unknown>): Promise<string> {
  const written: string[] = [];
  vi.spyOn(process.stderr, "write").mockImplementation((text) => written.push(String(text)) > 0);
  vi.spyOn(process.stdout, "write").mockReturnValue(true);
  await work();
  return written.join("");
}

describe("fovea landmarks", () => {
  const look = (subject: string, options: object) => {
    const card = { subject, points: ["a"], lines: [] };
    const net = { card, locate: async () => [{ points: [[1, 1]] }], close: async () => {} };
    vi.spyOn(Landmarker, "load").mockResolvedValue(net as never);
    const detector = { classes: ["x"], detect: async () => ({ detections: [] }), close: async () => {} };
    vi.spyOn(Detector, "load").mockResolvedValue(detector as never);
    return said(() =>
      landmarksCommand([join(folder, "a.png")], { model: "net.onnx", device: "cpu", ...options }),
    );
  };

  it.each([
    ["picture", { detector: "faces", score: 0.5 }, "--detector, --score: no effect with net"],
    ["region", { whole: true, score: 0.5 }, "--score: no effect with net"],
    ["box", { whole: true }, "--whole: no effect with net"],
  ])("a net of a %s says which of %j it does not heed", async (subject, options, sentence) => {
    expect(await look(subject, options)).toContain(sentence);
  });

  it("is silent where all have one", async () => {
    expect(await look("region", { detector: "x.onnx", score: 0.5 })).not.toContain("no effect");
    expect(await look("box", { detector: "x.onnx", score: 0.5 })).not.toContain("no effect");
    expect(await look("picture", {})).not.toContain("no effect");
  });
});

describe("fovea face train", () => {
  const train = (...argv: string[]) => {
    const program = new Command().exitOverride();
    addFaceTrain(program);
    const line = ["train", join(folder, "nobody"), "--out", join(folder, "run"), ...argv];
    // There are no people, which is told after it.
    return said(() => expect(program.parseAsync(line, { from: "user" })).rejects.toThrow());
  };

  it("says that mining and margin are those of triplets, and that --val is not looked at", async () => {
    expect(await train("--loss", "binary", "--margin", "0.3", "--mining", "random")).toContain(
      "--mining, --margin: no effect with --loss binary",
    );
    expect(await train("--val", folder, "--val-people", "0")).toContain(
      "--val: no effect with --val-people 0",
    );
    expect(await train("--margin", "0.3", "--val", folder)).not.toContain("no effect");
    expect(await train("--loss", "binary")).not.toContain("no effect");
  });
});

describe("fovea face eval and calibrate", () => {
  const measure = (add: (face: Command) => void, ...argv: string[]) => {
    const program = new Command().exitOverride();
    add(program);
    // There is no such net, which is told after it.
    const line = [...argv, "--model", join(folder, "none.onnx")];
    return said(() => expect(program.parseAsync(line, { from: "user" })).rejects.toThrow("none.onnx"));
  };
  beforeAll(async () => {
    for (const name of ["ann/1", "ann/2", "ben/1"]) {
      await mkdir(join(folder, "people", name, ".."), { recursive: true });
      await writeFile(join(folder, "people", `${name}.png`), "");
    }
    const rows = ["ann/1.png,ann/2.png,1", "ann/1.png,ben/1.png,0"];
    await writeFile(join(folder, "pairs.csv"), ["image_a,image_b,same", ...rows].join("\n"));
    const folds = rows.map((row, i) => `${row},${i}`);
    await writeFile(join(folder, "folds.csv"), ["image_a,image_b,same,fold", ...folds].join("\n"));
  });

  it("say that a list has folds of its own", async () => {
    const argv = ["--images", join(folder, "people"), "--folds", "3"];
    const path = join(folder, "folds.csv");
    expect(await measure(addFaceEval, "eval", path, ...argv)).toContain(`--folds: no effect with ${path}`);
    expect(await measure(addFaceEval, "eval", join(folder, "pairs.csv"), ...argv)).not.toContain("no effect");
  });

  it("say that a folder's pictures lie in it, and that nothing is drawn of a list", async () => {
    const argv = ["--images", join(folder, "people"), "--out", join(folder, "c.json")];
    const calibrate = (path: string, ...more: string[]) =>
      measure(addFaceCalibrate, "calibrate", join(folder, path), ...argv, ...more);
    expect(await calibrate("people", "--seed", "3")).toContain("--images: no effect with a folder of people");
    expect(await calibrate("pairs.csv", "--seed", "3")).toContain("--seed: no effect with a list of pairs");
    expect(await calibrate("pairs.csv")).not.toContain("no effect");
  });
});

describe("fovea classify train", () => {
  const line = (label: string) => `${label},0.1,0.2,0.4,0.8`;
  const table = [line("up"), line("down"), line("up"), line("down")].join("\n");
  beforeAll(async () => {
    await writeFile(join(folder, "waves.csv"), table);
    for (const part of ["train", "val"]) {
      await mkdir(join(folder, "parted"), { recursive: true });
      await writeFile(join(folder, "parted", `${part}.csv`), table);
    }
    const picture = await encodePicture({ width: 1, height: 1, data: new Uint8Array(3) }, "png");
    for (const name of ["cat", "dog"]) {
      await mkdir(join(folder, "shapes", name), { recursive: true });
      for (const file of ["1.png", "2.png"]) await writeFile(join(folder, "shapes", name, file), picture);
    }
  });

  /** The net is none, which is told last. */
  const train = (data: string, ...argv: string[]) => {
    const program = new Command().exitOverride();
    addClassifyTrain(program);
    const line = ["train", join(folder, data), "--out", join(folder, "run"), "--model", "none", ...argv];
    return said(() => expect(program.parseAsync(line, { from: "user" })).rejects.toThrow('"none"'));
  };

  it("says which options mean nothing to the data", async () => {
    expect(await train("waves.csv", "--size", "64")).toContain("--size: no effect on sequences");
    expect(await train("shapes", "--channels", "2")).toContain("--channels: no effect on ");
    expect(await train("parted", "--val-fraction", "0.3")).toContain("--val-fraction: no effect on ");
  });

  it("is silent where they do", async () => {
    expect(await train("waves.csv", "--channels", "2", "--val-fraction", "0.3")).not.toContain("no effect");
    expect(await train("shapes", "--size", "64", "--val-fraction", "0.3")).not.toContain("no effect");
    expect(await train("parted", "--channels", "2")).not.toContain("no effect");
  });
});
