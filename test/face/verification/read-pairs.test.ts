import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { FoveaError } from "../../../src/core/index.ts";
import { pictureOf, readPairs } from "../../../src/face/verification/index.ts";

let folder: string;
let images: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "fovea-pairs-"));
  images = join(folder, "images");
  for (const [person, count] of [
    ["Ann", 3],
    ["Bob Ray", 2],
  ] as const) {
    await mkdir(join(images, person), { recursive: true });
    for (let n = 1; n <= count; n++) await writeFile(join(images, person, `${person}_000${n}.jpg`), "");
  }
});
afterAll(() => rm(folder, { recursive: true }));

async function listed(text: string): Promise<string> {
  const path = join(folder, "pairs.csv");
  await writeFile(path, text);
  return path;
}

/** What is wrong with a list, as codes and sentences. */
async function wrong(text: string): Promise<{ code: string; message: string }[]> {
  const path = await listed(text);
  const error: unknown = await readPairs(path, images).then(
    () => expect.fail("read"),
    (thrown) => thrown,
  );
  const errors = error instanceof AggregateError ? error.errors : [error];
  return errors.map(({ code, message }: FoveaError) => ({ code, message: message.replaceAll(folder, "") }));
}

const a1 = "Ann/Ann_0001.jpg";
const a2 = "Ann/Ann_0002.jpg";
const b1 = "Bob Ray/Bob Ray_0001.jpg";

describe("readPairs of a table", () => {
  it("reads pairs, folds and words for the same", async () => {
    const path = await listed(
      `\uFEFFfold,same,image_a,image_b\r\n3,1,${a1},${a2}\r\n3,False,${a1},"${b1}"\r\n`,
    );
    expect(await readPairs(path, images)).toEqual({
      path,
      images,
      pairs: [
        { a: a1, b: a2, same: true, fold: 3, line: 2 },
        { a: a1, b: b1, same: false, fold: 3, line: 3 },
      ],
    });
  });

  it("reads tabs, and has no fold without a column", async () => {
    const { pairs } = await readPairs(await listed(`image_a\timage_b\tsame\n${a1}\t${b1}\t0\n`), images);
    expect(pairs).toEqual([{ a: a1, b: b1, same: false, line: 2 }]);
  });

  it("tells all that is wrong, by line and with a remedy", async () => {
    const errors = await wrong(
      [
        "image_a,image_b,same",
        `${a1},${a1},1`,
        `${a1},${a2},perhaps`,
        `${a1},,1`,
        `${a1},Ann/Ann_0009.jpg,1`,
        `${a1},${a2},1`,
        `${a2},${a1},0`,
      ].join("\n"),
    );
    expect(errors).toEqual([
      {
        code: "pairs-same-picture",
        message: `/pairs.csv:2: ${a1} is compared with itself; name two pictures.`,
      },
      {
        code: "pairs-row",
        message: '/pairs.csv:3: `same` is "perhaps"; write 1 for one person and 0 for two.',
      },
      { code: "pairs-row", message: "/pairs.csv:4: a pair needs two pictures; fill in image_a and image_b." },
      {
        code: "pairs-contradict",
        message: `/pairs.csv:7: ${a2} and ${a1} are different here, but not in line 6; correct one of both.`,
      },
      {
        code: "picture-missing",
        message: "/pairs.csv:5: picture `/images/Ann/Ann_0009.jpg` does not exist; check its name.",
      },
    ]);
  });

  it.each([
    ["", "pairs-empty"],
    ["image_a,image_b,same\n", "pairs-empty"],
    [`${a1},${a2},1\n`, "pairs-format"],
    [`image_a,image_b,same,fold\n${a1},${a2},1,\n`, "pairs-row"],
    [`image_a,image_b,same,fold\n${a1},${a2},1,x\n`, "pairs-row"],
  ])("refuses %j", async (text, code) => {
    expect((await wrong(text)).map((error) => error.code)).toEqual([code]);
  });

  it("counts what would be too many sentences", async () => {
    const rows = Array.from({ length: 30 }, (_, i) => `${a1},none/${i}.jpg,0`);
    const errors = await wrong(["image_a,image_b,same", ...rows].join("\n"));
    expect(errors).toHaveLength(21);
    expect(errors[20].message).toContain("10 more rows or pictures are wrong");
  });

  it("says once that the folder is another one", async () => {
    const path = await listed(`image_a,image_b,same\n${a1},${a2},1\n${a1},${b1},0\n`);
    const error = await readPairs(path, folder).catch((thrown) => thrown);
    expect(error.errors).toHaveLength(1);
    expect(error.errors[0].message).toContain(
      `none of its 3 pictures is below \`${folder}\`, not even ${a1};`,
    );
  });

  it("names a list that is not there", async () => {
    await expect(readPairs(join(folder, "none.csv"), images)).rejects.toMatchObject({
      code: "pairs-missing",
    });
  });
});

describe("readPairs of LFW's own list", () => {
  it("reads names with numbers, and folds from the header", async () => {
    const rows = ["2\t1", "Ann\t1\t2", "Ann\t1\tBob Ray\t2", "Bob Ray\t1\t2", "Ann\t3\tBob Ray\t1"];
    const { pairs } = await readPairs(await listed(`${rows.join("\n")}\n`), images);
    expect(pairs.map(({ a, b, same, fold }) => [a, b, same, fold])).toEqual([
      [a1, a2, true, 1],
      [a1, "Bob Ray/Bob Ray_0002.jpg", false, 1],
      [b1, "Bob Ray/Bob Ray_0002.jpg", true, 2],
      ["Ann/Ann_0003.jpg", b1, false, 2],
    ]);
  });

  it("has no folds where the header does not tell any", async () => {
    const { pairs } = await readPairs(await listed("1\nAnn\t1\t2\nAnn\t1\tBob Ray\t2\n"), images);
    expect(pairs.map(({ fold }) => fold)).toEqual([undefined, undefined]);
  });

  it("tells rows that are no pairs, and too few of them", async () => {
    const errors = await wrong("10\t300\nAnn\tone\t2\nAnn\t1\t1\nAnn\t1\n");
    expect(errors.map(({ code }) => code)).toEqual([
      "pairs-row",
      "pairs-same-picture",
      "pairs-row",
      "pairs-row",
    ]);
    expect(errors[3].message).toContain("promises 6000 pairs (10 × 300 of each kind), but there are 3");
  });

  it("takes pictures in another format where the first is in that", async () => {
    const other = join(folder, "png");
    for (const file of ["Ann/Ann_0001.png", "Ann/Ann_0002.png", "Bob/Bob_0001.png"]) {
      await mkdir(dirname(join(other, file)), { recursive: true });
      await writeFile(join(other, file), "");
    }
    const { pairs } = await readPairs(await listed("1\nAnn\t1\t2\nAnn\t1\tBob\t1\n"), other);
    expect(pairs.map(({ a, b, same }) => [a, b, same])).toEqual([
      ["Ann/Ann_0001.png", "Ann/Ann_0002.png", true],
      ["Ann/Ann_0001.png", "Bob/Bob_0001.png", false],
    ]);
  });
});

describe("pictureOf", () => {
  it("keeps absolute paths", () => {
    expect(pictureOf("images", "/x/a.jpg")).toBe("/x/a.jpg");
    expect(pictureOf("images", "x/a.jpg")).toBe(join("images", "x", "a.jpg"));
  });
});
