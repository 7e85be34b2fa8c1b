import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { loadPeople, type Person } from "../../../src/face/train/people.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "fovea-people-"));
});
afterAll(() => rm(folder, { recursive: true }));

/** Folders of people with so many (empty) files: names are all that is read. */
async function folders(name: string, counts: Readonly<Record<string, number>>): Promise<string> {
  const root = join(folder, name);
  for (const [person, count] of Object.entries(counts)) {
    await mkdir(join(root, person), { recursive: true });
    for (let i = 0; i < count; i++) await writeFile(join(root, person, `${i}.jpg`), "");
  }
  return root;
}

const names = (people: readonly Person[]) => people.map(({ name }) => name).sort();
const numbered = (count: number, pictures: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, i) => [`p${i}`, pictures]));

describe("loadPeople", () => {
  it("keeps a fifth of the people apart, with all their pictures, by the seed", async () => {
    const root = await folders("twenty", numbered(20, 3));
    const { train, val, splitSource, fingerprint } = await loadPeople(root, { seed: 3 });
    expect([train.length, val.length]).toEqual([16, 4]);
    expect(new Set([...names(train), ...names(val)]).size).toBe(20);
    expect([...train, ...val].every(({ pictures }) => pictures.length === 3)).toBe(true);
    expect(splitSource).toEqual({ seed: 3, valPeople: 0.2 });
    const again = await loadPeople(root, { seed: 3 });
    expect([names(again.val), again.fingerprint]).toEqual([names(val), fingerprint]);
    const other = await loadPeople(root, { seed: 4 });
    expect(names(other.val)).not.toEqual(names(val));
    expect(other.fingerprint).not.toBe(fingerprint);
  });

  it("keeps no people with a single picture apart: they have no pair", async () => {
    const root = await folders("singles", { ...numbered(4, 2), a: 1, b: 1, c: 1, d: 1, e: 1 });
    for (const seed of [0, 1, 2, 3]) {
      const { val, train } = await loadPeople(root, { seed });
      expect(val.every(({ pictures }) => pictures.length === 2)).toBe(true);
      expect(names(train)).toEqual(expect.arrayContaining(["a", "b", "c", "d", "e"]));
    }
  });

  it("takes folders train and val as they lie, people in both for training", async () => {
    const root = await folders("split", {
      "train/ann": 2,
      "train/ben": 2,
      "val/ben": 2,
      "val/cid": 2,
      "val/dan": 2,
    });
    const { train, val, splitSource, problems } = await loadPeople(root);
    expect([names(train), names(val)]).toEqual([
      ["ann", "ben"],
      ["cid", "dan"],
    ]);
    expect([splitSource, problems]).toEqual([
      "files",
      [{ kind: "duplicate", file: root, detail: expect.stringMatching(/^1 of the 3 people to measure by/) }],
    ]);
  });

  it("measures by another folder, without those who are known", async () => {
    const root = await folders("known", numbered(3, 2));
    const val = await folders("others", { p1: 2, x: 2, y: 3 });
    const people = await loadPeople(root, { val });
    expect([names(people.train), names(people.val)]).toEqual([
      ["p0", "p1", "p2"],
      ["x", "y"],
    ]);
    expect(people.splitSource).toEqual({ folder: val });
    expect(people.problems).toMatchObject([{ kind: "duplicate", file: val }]);
  });

  it("refuses to measure by another folder in which everybody is known, unless nothing shall be measured", async () => {
    const root = await folders("all known", numbered(3, 2));
    const val = await folders("the same", { p0: 2, p1: 3 });
    await expect(loadPeople(root, { val })).rejects.toMatchObject({
      code: "people-too-few",
      message: expect.stringMatching(/^All 2 people .*the same` have names .*--val-people 0/),
    });
    expect(await loadPeople(root, { val, valPeople: 0 })).toMatchObject({ val: [], problems: [] });
  });

  it("measures nothing where it is told so", async () => {
    const { train, val } = await loadPeople(await folders("all", numbered(3, 2)), { valPeople: 0 });
    expect([train.length, val.length]).toEqual([3, 0]);
  });

  it.each([
    ["one person", { ann: 5 }, { valPeople: 0 }, /1 people to learn from.*at least two people/],
    ["one picture each", numbered(5, 1), { valPeople: 0 }, /0 of them with two or more pictures/],
    ["too few to keep some apart", numbered(3, 2), {}, /keeping 2 apart.*--val-people 0/],
  ])("refuses %s", async (name, counts, options, message) => {
    const root = await folders(`bad ${name}`, counts);
    await expect(loadPeople(root, options)).rejects.toMatchObject({
      code: "people-too-few",
      message: expect.stringMatching(message),
    });
  });

  it("refuses what is no folder of pictures", async () => {
    await expect(loadPeople(join(folder, "nowhere"))).rejects.toMatchObject({ code: "dataset-missing" });
    const waves = join(folder, "waves.tsv");
    await writeFile(waves, "0\t1\t2\t3\n1\t3\t2\t1\n");
    await expect(loadPeople(waves)).rejects.toMatchObject({
      code: "dataset-format",
      message: expect.stringContaining("faces are pictures"),
    });
    await expect(loadPeople(await folders("share", numbered(9, 2)), { valPeople: 1 })).rejects.toMatchObject({
      code: "argument-range",
    });
  });
});
