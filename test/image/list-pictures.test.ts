import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { listPictures } from "../../src/image/index.ts";
import { temporaryFolder } from "./pictures.ts";

const folder = temporaryFolder();
const at = (...parts: string[]) => join(folder(), ...parts);

beforeAll(async () => {
  for (const name of ["shots/deep", "empty", "day [1]", "nest [2]/2023/may", "nest [2]/.cache"])
    await mkdir(at(name), { recursive: true });
  const files = [
    "shots/10.jpg",
    "shots/2.JPG",
    "shots/1.png",
    "shots/notes.txt",
    "shots/deep/3.pgm",
    "day [1]/a.webp",
    "nest [2]/2023/may/a.JPG",
    "nest [2]/.cache/b.png",
    "raw.dat",
  ];
  for (const name of files) await writeFile(at(name), "");
});

describe("listPictures", () => {
  it("a folder gives its pictures in natural order", async () => {
    expect(await listPictures([at("shots")])).toEqual([
      at("shots/1.png"),
      at("shots/2.JPG"),
      at("shots/10.jpg"),
    ]);
  });

  it("a folder with everything below it", async () => {
    expect(await listPictures([at("shots")], { recursive: true })).toEqual([
      at("shots/1.png"),
      at("shots/2.JPG"),
      at("shots/10.jpg"),
      at("shots/deep/3.pgm"),
    ]);
  });

  it("a glob gives the pictures among its matches", async () => {
    expect(await listPictures([at("shots/*")])).toHaveLength(3);
    expect(await listPictures([at("**/*.{pgm,png,txt}")])).toEqual([
      at("shots/1.png"),
      at("shots/deep/3.pgm"),
    ]);
  });

  it("a file is listed whatever its extension, and a name with brackets is a name first", async () => {
    expect(await listPictures([at("raw.dat")])).toEqual([at("raw.dat")]);
    expect(await listPictures([at("day [1]/a.webp"), at("day [1]")])).toEqual([at("day [1]/a.webp")]);
  });

  it("keeps the order of the patterns and lists nothing twice", async () => {
    expect(await listPictures([at("shots/10.jpg"), at("shots"), at("shots/*.png")])).toEqual([
      at("shots/10.jpg"),
      at("shots/1.png"),
      at("shots/2.JPG"),
    ]);
  });

  it("of a folder with pictures below it only, gives the pattern that finds them", async () => {
    const refused = await listPictures([`${at("nest [2]")}/`]).catch((error) => error);
    expect(refused.code).toBe("folder-empty");
    const [, pattern] = /: give the pattern '(.+)'\.$/.exec(refused.message) ?? [];
    expect(pattern).toMatch(/\/\*\*\/\*\.JPG$/);
    expect(await listPictures([pattern])).toEqual([at("nest [2]/2023/may/a.JPG")]);
    await expect(listPictures([at("empty")])).rejects.toThrow(/: name another folder\.$/);
  });

  it.each([
    ["absent.jpg", "picture-missing"],
    ["shots/*.gif", "picture-missing"],
    ["absent", "folder-missing"],
    ["empty", "folder-empty"],
  ])("%s matches nothing: %s", async (name, code) => {
    const pattern = at(name);
    await expect(listPictures([at("shots"), pattern])).rejects.toMatchObject({
      name: "FoveaError",
      code,
      message: expect.stringContaining(`\`${pattern}\``),
    });
  });
});
