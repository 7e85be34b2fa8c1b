import { createHash } from "node:crypto";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { encodingDistance, FaceEncoder } from "../../../src/face/encoder.ts";
import type { FaceRun } from "../../../src/face/train/face-run.ts";
import { SiameseHead } from "../../../src/face/train/siamese-head.ts";
import { readModel } from "../../../src/graph/index.ts";
import { decodePicture } from "../../../src/image/index.ts";
import { writePeople } from "./drawn-people.ts";
import { trainDrawn } from "./train-drawn.ts";

let folder: string;
let data: string;
const runs: Record<string, FaceRun> = {};
const out = (name: string) => join(folder, "runs", name);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "fovea-face-train-"));
  data = join(folder, "people");
  await writePeople(data, Array<number>(40).fill(5));
  runs.triplet = await trainDrawn({ data, out: out("triplet"), epochs: 12, margin: 0.5 });
  runs.difference = await trainDrawn({ data, out: out("difference"), epochs: 12, loss: "binary" });
  runs.chi2 = await trainDrawn({ data, out: out("chi2"), epochs: 12, loss: "binary-chi2" });
}, 240_000);
afterAll(() => rm(folder, { recursive: true }));

/** Encodings of the pictures of people never seen, by the file that ships. */
async function encodeUnseen({ best, people }: FaceRun) {
  const encoder = await FaceEncoder.load(best, { threads: 1 });
  const faces: { person: string; encoding: Float32Array }[] = [];
  for (const { name, pictures } of people.val) {
    for (const { bytes } of pictures) {
      const picture = await decodePicture(bytes.file);
      const [encoding] = await encoder.encode(picture, [[]]); // whole pictures need no points
      faces.push({ person: name, encoding });
    }
  }
  const { model, side, alignment, threshold } = encoder;
  await encoder.close();
  return { faces, model, side, alignment, threshold };
}

describe.each([
  ["triplet", 0.05],
  ["difference", 0.05],
  ["chi2", 0.05],
] as const)("an encoder trained for seconds (%s)", (name, most) => {
  it("tells people apart whom it has not seen", () => {
    const { ending, before, evaluation, notes, people, recipe } = runs[name];
    expect(ending).toBe("complete");
    expect(evaluation!.eer).toBeLessThan(most);
    expect(evaluation!.eer).toBeLessThan(before!.eer / 3); // drawn people are told apart by a net that has learned nothing, too
    expect(1 - evaluation!.auc).toBeLessThan((1 - before!.auc) / 5);
    expect(notes.records.at(-1)!.loss).toBeLessThan(notes.records[0].loss);
    expect([people.train.length, people.val.length]).toEqual([30, 10]);
    expect(recipe).toMatchObject({ grey: true, alignment: "none", start: { kind: "none" } });
  });

  it("opens as any encoder does, and says what was measured", async () => {
    const { evaluation } = runs[name];
    const { faces, model, side, alignment, threshold } = await encodeUnseen(runs[name]);
    expect([model.size, side, alignment]).toEqual([32, 32, "none"]);
    expect(threshold).toBe(name === "triplet" ? evaluation!.threshold : undefined); // a head's is its own
    expect(faces).toHaveLength(evaluation!.encodings.length);
    for (const [i, { encoding }] of faces.entries()) {
      expect(encodingDistance(encoding, evaluation!.encodings[i])).toBeLessThan(1e-5);
      expect(Math.hypot(...encoding)).toBeCloseTo(1, 4);
    }
    const pairs = (faces.length * (faces.length - 1)) / 2;
    expect(evaluation!.pairs).toHaveLength(pairs);
    const { a, b, same } = evaluation!.pairs[123];
    expect(same).toBe(faces[a].person === faces[b].person);
  });

  it("describes itself in its file, and leaves records and a report", async () => {
    const { best, report, before, notes } = runs[name];
    const metadata = new Map(
      readModel(await readFile(best)).metadataProps.map(({ key, value }) => [key, value]),
    );
    const card = (key: string) => JSON.parse(metadata.get(`fovea.${key}`)!);
    expect(card("task")).toBe("describe");
    expect([card("size"), card("side"), card("normalized"), card("alignment")]).toEqual([
      32,
      32,
      true,
      "none",
    ]);
    const csv = (await readFile(join(out(name), "results.csv"), "utf8")).trim().split("\n");
    const columns = csv[0].split(",");
    expect(csv).toHaveLength(1 + 1 + 12);
    expect(Number(csv[1].split(",")[columns.indexOf("eer")])).toBe(before!.eer); // epoch 0
    const statistics = name === "triplet" ? ["active", "toPositive", "toNegative"] : ["same", "different"];
    expect(columns).toEqual(
      expect.arrayContaining(["epoch", "eer", "accuracy", "loss", "spread", ...statistics]),
    );
    expect(notes.records.every((record) => record.encodingSpread > 0)).toBe(true);
    const html = await readFile(report!, "utf8");
    const sections = [...html.matchAll(/<h2>(.*?)<\/h2>/g)].map(([, title]) => title);
    expect(sections).toEqual([
      "Training",
      name === "triplet" ? "Mining" : "Pairs in training",
      "Pairs of people never seen",
      "Encodings",
      "Hardest pairs",
      "Data",
    ]);
    expect(await readdir(join(out(name), "plots"))).toEqual(
      expect.arrayContaining(["hardest.jpg", "batch.jpg", "pairs-before.png", "pairs.png", "encodings.png"]),
    );
  });
});

describe("a binary head", () => {
  it.each(["difference", "chi2"])("of the form %s judges what its encoder encodes", async (name) => {
    const { head, best, evaluation, recipe } = runs[name];
    const opened = await SiameseHead.load(head!, { threads: 1 });
    expect(opened.card.encoder).toBe(
      createHash("sha256")
        .update(await readFile(best))
        .digest("hex"),
    );
    expect(opened.card.head.form).toBe(recipe.head!.form);
    const { encodings, pairs, threshold } = evaluation!;
    expect(opened.card.head.threshold).toBeCloseTo(1 - threshold, 6);
    let right = 0;
    for (const { a, b, same, distance } of pairs.slice(0, 200)) {
      const probability = await opened.probability(encodings[a], encodings[b]);
      expect(1 - probability).toBeCloseTo(distance, 5);
      if (probability >= opened.card.head.threshold! === same) right++;
    }
    expect(right / 200).toBeGreaterThan(0.85);
    await opened.close();
  });

  it("is none of a triplet's training", () => {
    expect(runs.triplet.head).toBeUndefined();
  });
});

describe("encodings for χ²", () => {
  it("are not negative", () => {
    for (const encoding of runs.chi2.evaluation!.encodings)
      expect(Math.min(...encoding)).toBeGreaterThanOrEqual(0);
    const signed = runs.triplet.evaluation!.encodings.some((encoding) => Math.min(...encoding) < -0.01);
    expect(signed).toBe(true);
  });
});
