import { copyFile, cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Command } from "commander";
import sharp from "sharp";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { addFaceCalibrate } from "../../src/cli/commands/face-calibrate.ts";
import { addFaceCluster } from "../../src/cli/commands/face-cluster.ts";
import { addFaceEval } from "../../src/cli/commands/face-eval.ts";
import { addFaceVerify } from "../../src/cli/commands/face-verify.ts";
import { quietOption } from "../../src/cli/options.ts";
import { FoveaError } from "../../src/core/index.ts";
import { FaceEncoder, FaceFinder, MainFaceEncoder, type TrainedHead } from "../../src/face/index.ts";
import { exportHead } from "../../src/face/train/export-head.ts";
import { cropPicture, savePicture } from "../../src/image/index.ts";
import { openPhotograph } from "../face/photographs.ts";
import { useTemporaryCache } from "../models/temporary-cache.ts";
import { listenToStdout, runCommand } from "./run-command.ts";

useTemporaryCache();

let folder: string;
let people: string;
let pairs: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "fovea-face-"));
  people = join(folder, "people");
  const finder = await FaceFinder.load({ threads: 1 });
  const group = await openPhotograph({ name: "sample5.jpg", mirror: false });
  const faces = await finder.find(group);
  await finder.close();
  // Three people with two pictures each, the second brighter and smaller.
  for (const [i, { box }] of faces.slice(0, 3).entries()) {
    const [x1, y1, x2, y2] = box;
    const [dx, dy] = [0.8 * (x2 - x1), 0.8 * (y2 - y1)];
    const crop = cropPicture(group, [x1 - dx, y1 - dy, x2 + dx, y2 + dy]);
    await mkdir(join(people, `p${i}`), { recursive: true });
    await savePicture(crop, join(people, `p${i}`, "1.jpg"));
    const bright = await sharp(join(people, `p${i}`, "1.jpg"))
      .resize(220)
      .modulate({ brightness: 1.2 })
      .png()
      .toBuffer();
    await writeFile(join(people, `p${i}`, "2.png"), bright);
  }
  pairs = join(folder, "pairs.csv");
  const rows = [0, 1, 2].flatMap((i) => [`p${i}/1.jpg,p${i}/2.png,1`, `p${i}/1.jpg,p${(i + 1) % 3}/2.png,0`]);
  await writeFile(pairs, ["image_a,image_b,same", ...rows].join("\n"));
}, 60_000);
afterAll(() => rm(folder, { recursive: true }));
afterEach(() => vi.restoreAllMocks());

/** What a command prints. */
async function run(...argv: string[]): Promise<string> {
  const written: string[] = [];
  vi.spyOn(process.stdout, "write").mockImplementation((text) => written.push(String(text)) > 0);
  const program = new Command()
    .addOption(quietOption())
    .exitOverride()
    .configureOutput({ outputError: () => {} });
  for (const add of [addFaceEval, addFaceCalibrate, addFaceCluster, addFaceVerify]) add(program);
  for (const command of program.commands) command.exitOverride();
  await program.parseAsync(["--quiet", ...argv, "--threads", "1"], { from: "user" });
  return written.join("");
}

describe("face eval", () => {
  it("prints the figures, and writes the report", async () => {
    const out = join(folder, "eval");
    const answer = JSON.parse(await run("eval", pairs, "--images", people, "--json", "--out", out));
    expect(answer).toMatchObject({
      list: pairs,
      encoder: { name: "face-descriptor", size: 128 },
      pairs: 6,
      pictures: 6,
      withoutFace: 0,
      accuracy: 1,
      eer: 0,
      auc: 1,
    });
    expect(answer.folds).toHaveLength(3);
    expect((await readdir(out)).sort()).toEqual(["evaluation.json", "pairs.csv", "plots", "report.html"]);
    expect(await readFile(join(out, "report.html"), "utf8")).toContain("Verification of pairs.csv");
  });

  it("says in words what was measured, and what cannot be told", async () => {
    const text = await run("eval", pairs, "--images", people, "--folds", "2");
    expect(text).toMatch(/^accuracy 100\.00 % ± 0\.00 % \(standard error of 2 folds/);
    expect(text).toContain("at FAR 0.1: not told by these pairs, it needs 10 different pairs");
    expect(text).toContain("6 pairs of 6 pictures, none left out\n");
  });

  it("averages faces over as many varied copies as --jitter says", async () => {
    const load = vi.spyOn(MainFaceEncoder, "load");
    await run("eval", pairs, "--images", people, "--jitter", "2", "--no-mirror", "--json");
    expect(load).toHaveBeenCalledWith(expect.objectContaining({ jitter: 2, mirror: false }));
  });

  it("judges a picture that cannot be read different, and says so after the figures", async () => {
    await writeFile(join(people, "broken.jpg"), "");
    const list = join(folder, "broken.csv");
    await writeFile(list, `${await readFile(pairs, "utf8")}\np0/1.jpg,broken.jpg,1`);
    const error = await run("eval", list, "--images", people, "--json").catch((thrown) => thrown);
    expect(error).toBeInstanceOf(AggregateError);
    expect(error.errors.map(({ code }: { code: string }) => code)).toEqual(["picture-empty"]);
    await rm(join(people, "broken.jpg"));
  });

  it("needs the folder of the pictures", async () => {
    await expect(run("eval", pairs)).rejects.toMatchObject({ code: "commander.missingMandatoryOptionValue" });
  });
});

describe("face calibrate", () => {
  it("writes a calibration of people in folders, and says for which rates it is too small", async () => {
    const out = join(folder, "calibration.json");
    const few = JSON.parse(await run("calibrate", people, "--out", out, "--json"));
    expect(few).toMatchObject({ asked: 0.001, falseMatchRate: 3 / 12, different: 12 });
    expect(few.untold).toMatch(/^A false-match rate of 0\.001 needs 3,000 pairs .* ask for 0\.25 or more\.$/);
    expect(JSON.parse(await readFile(out, "utf8"))).toMatchObject({
      different: 12,
      same: 3,
      people: 3,
      pictures: 6,
    });
    const answer = JSON.parse(
      await run("calibrate", people, "--out", out, "--json", "--false-match-rate", "0.3"),
    );
    expect(answer).toMatchObject({ asked: 0.3, falseMatchRate: 3 / 12, different: 12, missRate: 0 });
    expect(answer.spread).toHaveLength(2);
    const pair = [join(people, "p0", "1.jpg"), join(people, "p1", "1.jpg")];
    const verified = JSON.parse(
      await run("verify", ...pair, "--calibration", out, "--false-match-rate", "0.3", "--json"),
    );
    expect(verified.threshold).toBe(answer.threshold);
  });

  it("leaves out pictures without a face, and tells of a picture that lies with two people", async () => {
    const spoiled = join(folder, "spoiled");
    await cp(people, spoiled, { recursive: true });
    await copyFile(join(spoiled, "p0", "1.jpg"), join(spoiled, "p2", "3.jpg"));
    const hills = `<svg xmlns="http://www.w3.org/2000/svg" width="200" height="200"><rect width="200" height="200" fill="#8ac"/><path d="M0 150 L70 90 L120 140 L160 100 L200 160 V200 H0 Z" fill="#474"/></svg>`;
    await sharp(Buffer.from(hills))
      .png()
      .toFile(join(spoiled, "p1", "3.png"));
    const argv = ["calibrate", spoiled, "--out", join(folder, "spoiled.json"), "--json"];
    const answer = JSON.parse(await run(...argv, "--false-match-rate", "0.3"));
    expect(answer).toMatchObject({
      pictures: 7,
      withoutFace: 1,
      copies: [[join(spoiled, "p0", "1.jpg"), join(spoiled, "p2", "3.jpg")]],
    });
  });

  it("takes a list of pairs", async () => {
    const out = join(folder, "of-pairs.json");
    const argv = ["calibrate", pairs, "--out", out, "--false-match-rate", "0.5"];
    await expect(run(...argv)).rejects.toMatchObject({ code: "pairs-images" });
    const text = await run(...argv, "--images", people);
    expect(text).toMatch(
      /3 different pairs and 3 same pairs of 6 pictures\n.*calibrate with more pictures\.\n$/,
    );
    expect(JSON.parse(await readFile(out, "utf8"))).toMatchObject({ different: 3, same: 3, pictures: 6 });
  });

  it("writes over no list of pairs, and tells of what cannot be read after the summary", async () => {
    const argv = ["--images", people, "--out"];
    const before = await readFile(pairs, "utf8");
    await expect(run("calibrate", pairs, ...argv, pairs)).rejects.toMatchObject({ code: "output-is-input" });
    expect(await readFile(pairs, "utf8")).toBe(before);
    const list = join(folder, "unreadable.csv");
    await writeFile(join(people, "broken.jpg"), "");
    await writeFile(list, `${before}\np0/1.jpg,broken.jpg,1`);
    const written = listenToStdout();
    const line = ["calibrate", list, ...argv, join(folder, "few.json"), "--threads", "1"];
    const error = await runCommand(addFaceCalibrate, line).catch((thrown) => thrown);
    expect(error.errors.map(({ code }: { code: string }) => code)).toEqual(["picture-empty"]);
    expect(written()).toContain("3 different pairs and 3 same pairs");
    await rm(join(people, "broken.jpg"));
  });
});

describe("face verify --head", () => {
  const headOf = async (digest: string) => {
    // ŷ = σ(20 − 10 Σₖ |aₖ − bₖ|): of one person where the numbers differ by less than 2 together.
    const weight = Array<number>(128).fill(-10);
    const head: TrainedHead = { form: "difference", split: false, scale: 1, weight, bias: 20 };
    const path = join(folder, "head.onnx");
    const said = { task: "same-person", size: 128, encoder: digest, trainedOn: "", version: "0" } as const;
    const file = exportHead(head, { ...said, head });
    await writeFile(path, file);
    return path;
  };
  const pictures = () => [join(people, "p0", "1.jpg"), join(people, "p0", "2.png")];

  it("answers a probability, of faces without their mirror images", async () => {
    const load = vi.spyOn(FaceFinder, "load");
    const encoder = await FaceEncoder.load(undefined, { threads: 1 });
    const head = await headOf(encoder.model.digest);
    await encoder.close();
    const [a, b] = pictures();
    const answer = JSON.parse(await run("verify", a, b, "--head", head, "--json"));
    expect(load).toHaveBeenCalledWith(expect.objectContaining({ mirror: false }));
    expect(answer).toEqual({
      a,
      b,
      same: answer.probability >= 0.5,
      probability: answer.probability,
      threshold: 0.5,
    });
    expect(await run("verify", a, a, "--head", head)).toBe(
      "the same person: probability 1.000, threshold 0.500 (of the head)\n",
    );
    expect(await run("verify", a, join(people, "p1", "1.jpg"), "--head", head)).toMatch(
      /^different people: probability 0\.000/,
    );
  });

  it("refuses the head of another encoder, and thresholds of distances beside it", async () => {
    const head = await headOf("ab".repeat(32));
    await expect(run("verify", ...pictures(), "--head", head)).rejects.toMatchObject({
      code: "head-other-encoder",
    });
    await expect(run("verify", ...pictures(), "--head", head, "--threshold", "1")).rejects.toMatchObject({
      code: "commander.conflictingOption",
    });
  });
});

describe("face cluster", () => {
  it("groups pictures by person, with a sheet for each", async () => {
    const out = join(folder, "groups");
    const argv = ["cluster", `${people}/*/*`, "--out", out, "--threshold", "0.55"];
    const answer = JSON.parse(await run(...argv, "--json"));
    expect(answer).toMatchObject({ threshold: 0.55, mirror: true, pictures: 6, faces: 6, failures: [] });
    const groups: string[][] = answer.people.map(({ faces }: { faces: { file: string }[] }) =>
      faces.map(({ file }) => file),
    );
    expect(groups).toEqual(
      [0, 1, 2].map((i) => [join(people, `p${i}`, "1.jpg"), join(people, `p${i}`, "2.png")]),
    );
    expect((await readdir(out)).sort()).toEqual(
      ["clusters.json", "overview.jpg", ...[1, 2, 3].map((n) => `person-00${n}.jpg`)].sort(),
    );
    await expect(run(...argv)).rejects.toMatchObject({ code: "output-not-empty" });
  });

  it("goes on where one picture cannot be looked at", async () => {
    const broken = new FoveaError("points-degenerate", "All points lie in one place.");
    vi.spyOn(FaceFinder.prototype, "find").mockRejectedValueOnce(broken);
    const out = join(folder, "went-on");
    const argv = ["cluster", join(people, "p0"), "--out", out, "--threshold", "0.5", "--json"];
    const error = await run(...argv).catch((thrown) => thrown);
    expect(error).toBeInstanceOf(AggregateError);
    expect(error.errors[0].message).toBe(`${join(people, "p0", "1.jpg")}: All points lie in one place.`);
    const answer = JSON.parse(await readFile(join(out, "clusters.json"), "utf8"));
    expect(answer).toMatchObject({ pictures: 1, faces: 1, failures: [{ code: "points-degenerate" }] });
  });

  it("leaves out small faces, and names who is seen once", async () => {
    const out = join(folder, "alone");
    const text = await run("cluster", join(people, "p0", "1.jpg"), "--out", out, "--threshold", "0.5");
    expect(text).toContain("1 face in 1 picture: 1 person, 1 of them seen once");
    expect((await readdir(out)).sort()).toEqual(["clusters.json", "seen-once.jpg"]);
    const none = await run(
      "cluster",
      join(people, "p0", "1.jpg"),
      "--out",
      join(folder, "none"),
      "--min-face",
      "5000",
    );
    expect(none).toContain("0 faces in 1 picture: 0 people, 0 of them seen once; 1 smaller face left out");
  });
});
