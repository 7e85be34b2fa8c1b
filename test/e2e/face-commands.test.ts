import { existsSync } from "node:fs";
import { copyFile, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { packageFolder } from "../../src/models/index.ts";
import { writePeople } from "../face/train/drawn-people.ts";
import { CACHE, fovea, HOOK_TIMEOUT_MS } from "./fovea.ts";
import { createWorkspace, type Workspace } from "./workspace.ts";

/** People of the photograph, by the left edge of their faces. */
const names = ["Ada", "Bela", "Carl", "Dora", "Emil"];
const KEY = "8f".repeat(32);

let workspace: Workspace;
const at = (...path: string[]) => join(workspace.path, ...path);
const run = (line: string, env: Record<string, string> = {}) =>
  fovea(line.split(" "), { cwd: workspace.path, env: { FOVEA_GALLERY_KEY: "", ...env } });
const json = async (line: string, env: Record<string, string> = {}) => {
  const { code, stdout, stderr } = await run(`${line} --json --quiet`, env);
  expect(stderr).toBe("");
  expect(code).toBe(0);
  return JSON.parse(stdout);
};

beforeAll(async () => {
  workspace = await createWorkspace();
  const photograph = join(await packageFolder("@vladmandic/face-api"), "demo/sample5.jpg");
  await sharp(photograph).jpeg({ quality: 95 }).toFile(at("party.jpg"));
  const { pictures } = await json("detect party.jpg --model faces");
  const boxes: number[][] = pictures[0].detections.map(({ box }: { box: number[] }) => box);
  for (const [i, [x1, y1, x2, y2]] of boxes.sort((a, b) => a[0] - b[0]).entries()) {
    const side = Math.round(0.75 * Math.max(x2 - x1, y2 - y1));
    const left = Math.max(0, Math.round((x1 + x2) / 2 - side));
    const top = Math.max(0, Math.round((y1 + y2) / 2 - side));
    const { width, height } = pictures[0];
    const cut = sharp(photograph).extract({
      left,
      top,
      width: Math.min(2 * side, width - left),
      height: Math.min(2 * side, height - top),
    });
    await mkdir(at("people", names[i]), { recursive: true });
    await cut
      .clone()
      .png()
      .toFile(at("people", names[i], "one.png"));
    await cut
      .clone()
      .rotate(15)
      .modulate({ brightness: 0.8 })
      .jpeg()
      .toFile(at(`${names[i]}-again.jpg`));
  }
  await mkdir(at("strangers"));
}, HOOK_TIMEOUT_MS);
afterAll(() => workspace.remove());

describe("fovea face verify", () => {
  it("knows one person in two pictures, and says how sure that is", async () => {
    const { code, stdout } = await run("face verify people/Ada/one.png Ada-again.jpg");
    expect(code).toBe(0);
    expect(stdout).toMatch(/^the same person: distance 0\.\d+, threshold 0\.\d+ \(one false match in 1,000/);
    expect(stdout).toMatch(/of pairs of different people .* lie as near as these two/);
  });

  it("tells two people apart", async () => {
    const answer = await json("face verify people/Ada/one.png people/Bela/one.png --liveness");
    expect(answer).toMatchObject({ same: false });
    expect(answer.distance).toBeGreaterThan(answer.threshold);
    expect(answer.liveness.antispoof).toBeGreaterThanOrEqual(0);
  });
});

// Several processes each, every one of which opens nets and a database.
describe("a gallery of people", { timeout: 180_000 }, () => {
  it("enrols a folder of people, and goes on where it was stopped", async () => {
    const { stdout, code } = await run("face enroll --folder people --gallery staff");
    expect(code).toBe(0);
    for (const name of names) expect(stdout).toContain(`${name}: 1 picture enrolled`);
    const { pictures } = await json("face enroll --folder people --gallery staff");
    expect(pictures.map(({ outcome }: { outcome: string }) => outcome)).toEqual(names.map(() => "known"));
  });

  it("names the faces of a picture, draws them, and leaves nobody's name where it was forgotten", async () => {
    const party = await json("face identify party.jpg --gallery staff --out out");
    const found = party.pictures[0].faces.map(({ name }: { name: string }) => name);
    expect([...found].sort()).toEqual(names);
    expect((await readFile(at("out/party.jpg"))).length).toBeGreaterThan(10_000);
    expect(JSON.parse(await readFile(at("out/faces.json"), "utf8")).people).toBe(5);

    expect((await run("face forget Dora --gallery staff")).stdout).toMatch(/Dora is forgotten: 1 picture/);
    const { people } = await json("face list --gallery staff");
    expect(people.map(({ name }: { name: string }) => name)).toEqual(["Ada", "Bela", "Carl", "Emil"]);
    const after = await run("face identify Dora-again.jpg --gallery staff");
    expect(after.stdout).toMatch(/Dora-again\.jpg: 1 face\n {2}unknown \(nearest \w+, distance 0\.\d+\)/);
  });

  it("holds the rate of false alarms however many pictures somebody is enrolled by", async () => {
    await run("face enroll Bela Bela-again.jpg --gallery staff --any-quality");
    const { faces, people } = await json("face list --gallery staff");
    expect([people.length, faces]).toEqual([4, 5]);
    // As strict as among five people of one picture each.
    const four = await json("face identify Emil-again.jpg --gallery staff --false-alarm-rate 0.1");
    const { identificationThreshold, readyCalibration } = await import("../../src/face/index.ts");
    const { digest } = (await json("face list --gallery staff")).encoder;
    const calibration = readyCalibration({ name: "face-descriptor", digest, size: 128 }, true)!;
    expect(four.threshold).toBeCloseTo(identificationThreshold(calibration, 0.1, 5).threshold, 6);
  });

  it("names nobody whom the liveness check vetoes", async () => {
    const { pictures } = await json("face identify party.jpg --gallery staff --liveness");
    for (const { name, nearest, liveness } of pictures[0].faces) {
      const near = nearest[0].distance <= 0.4;
      if (near) expect(name).toBe(liveness.passed ? nearest[0].name : null);
      expect(liveness.passed).toBe(Math.min(liveness.antispoof, liveness.liveness) >= 0.5);
    }
  });

  it("moves to an encrypted one, which opens with its key only", async () => {
    await run("face export staff.jsonl --gallery staff");
    const key = { FOVEA_GALLERY_KEY: KEY };
    expect((await run("face import staff.jsonl --gallery vault --encrypt", key)).stdout).toMatch(
      /4 people read, 5 pictures/,
    );
    const { pictures } = await json("face identify Bela-again.jpg --gallery vault", key);
    expect(pictures[0].faces[0]).toMatchObject({ name: "Bela", search: "memory" });

    const locked = await run("face identify Bela-again.jpg --gallery vault");
    expect(locked).toMatchObject({ code: 1 });
    expect(locked.stderr).toMatch(/encrypted.*FOVEA_GALLERY_KEY/);
    const wrong = await run("face list --gallery vault", { FOVEA_GALLERY_KEY: "ab".repeat(32) });
    expect(wrong.stderr).toMatch(/key does not open gallery/);

    await writeFile(at("new.key"), "cd".repeat(32));
    expect((await run("face rekey --gallery vault --new-key-file new.key", key)).code).toBe(0);
    expect((await run("face list --gallery vault", key)).code).toBe(1);
    expect((await json("face list --gallery vault --key-file new.key")).people).toHaveLength(4);
  });
});

describe("fovea face train", { timeout: 180_000 }, () => {
  it("trains an encoder on drawn people, says how it went, and goes on", async () => {
    await writePeople(at("drawn"), Array<number>(10).fill(4));
    const line = "face train drawn --out runs/f --threads 1";
    const sizes = "--crop none --base none --side 32 --size 16 --people 4 --pictures 2";
    const answer = await json(`${line} ${sizes} --epochs 1`);
    expect(answer).toMatchObject({
      ending: "complete",
      best: at("runs/f/best.onnx"),
      report: at("runs/f/report.html"),
      epochs: 1,
      people: { train: 8, val: 2 },
      recipe: { size: 16, side: 32, alignment: "none" },
    });
    for (const { eer, threshold } of [answer.before, answer.after]) {
      expect(eer).toBeGreaterThanOrEqual(0);
      expect(eer).toBeLessThanOrEqual(1);
      expect(threshold).toBeGreaterThan(0);
    }
    for (const file of ["best", "last", "report"]) expect(existsSync(answer[file])).toBe(true);
    const { code, stdout } = await run(`${line} --epochs 2 --resume --quiet`);
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^2 epochs in .*\n2 people never seen: equal error rate [\d.]+ % before, [\d.]+ % in epoch \d/,
    );
    expect(stdout).toContain(
      `encoder: ${join("runs/f", "best.onnx")}\nreport:  ${join("runs/f", "report.html")}`,
    );
  });
});

describe("what cannot be done with faces is said in a sentence", () => {
  beforeAll(async () => {
    const blank = sharp({ create: { width: 300, height: 300, channels: 3, background: "#88aacc" } });
    await blank.clone().jpeg().toFile(at("wall.jpg"));
    const drawing = `<svg xmlns="http://www.w3.org/2000/svg" width="300" height="300"><rect width="300" height="300" fill="white"/><circle cx="150" cy="150" r="100" fill="none" stroke="black" stroke-width="6"/><circle cx="115" cy="120" r="8"/><circle cx="185" cy="120" r="8"/><path d="M100 190 Q150 230 200 190" fill="none" stroke="black" stroke-width="6"/></svg>`;
    await sharp(Buffer.from(drawing)).png().toFile(at("drawing.png"));
    await writeFile(at("notes.jpg"), "no picture at all");
    const tiny = await sharp(at("people/Ada/one.png")).resize(56).toBuffer();
    await sharp({ create: { width: 480, height: 360, channels: 3, background: "#777" } })
      .composite([{ input: tiny, left: 200, top: 150 }])
      .jpeg()
      .toFile(at("far.jpg"));
  });

  const refused = async (line: string, message: RegExp) => {
    const { code, stderr } = await run(`${line} --quiet`);
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/\n\s+at /);
    expect(code).toBe(1);
  };

  it.each([
    ["no face", "face enroll Fritz wall.jpg --gallery other", /`wall\.jpg` shows no face/],
    ["a drawing", "face enroll Fritz drawing.png --gallery other", /`drawing\.png` shows no face/],
    ["several faces", "face enroll Fritz party.jpg --gallery other", /shows \d faces where one is needed/],
    ["a tiny face", "face enroll Fritz far.jpg --gallery other", /too small|shows no face/],
    ["no picture", "face enroll Fritz notes.jpg --gallery other", /notes\.jpg.*(not|no) /],
    ["no file", "face verify people/Ada/one.png none.jpg", /none\.jpg/],
    ["no gallery", "face identify party.jpg --gallery nowhere", /nowhere.*fovea face enroll/],
    ["nobody of that name", "face forget Nobody --gallery staff", /Nobody/],
    ["no encoder", "face verify party.jpg party.jpg --model notes.jpg", /notes\.jpg/],
  ])("%s", (_, line, message) => refused(line, message));

  it("leaves no gallery behind where nobody could be enrolled", async () => {
    expect(existsSync(at("other"))).toBe(false);
  });

  it("a name without pictures", async () => {
    const { code, stderr } = await run("face enroll Fritz");
    expect(code).toBe(2);
    expect(stderr).toContain("fovea face enroll Ada ada.jpg");
  });

  it("the gallery of another encoder", async () => {
    const models = join(CACHE, "models");
    const ready = (await readdir(models)).find((file) => /^face-descriptor-.*\.onnx$/.test(file));
    await copyFile(join(models, ready!), at("other.onnx"));
    await refused(
      "face identify party.jpg --gallery staff --model other.onnx --threshold 0.5",
      /Gallery `staff` holds encodings of `face-descriptor` \([0-9a-f]{12}\), which cannot be compared with those of `other\.onnx`/,
    );
  });
});
