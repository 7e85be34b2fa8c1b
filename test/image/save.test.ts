import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import sharp from "sharp";
import { describe, expect, it } from "vitest";
import { decodePicture, encodePicture, savePicture } from "../../src/image/index.ts";
import { largestDifference, makePicture, temporaryFolder } from "./pictures.ts";

const folder = temporaryFolder();
const gradient = makePicture(48, 32, (x, y) => [x * 5, y * 7, 255 - x * 3]);
const everywhere = [0, 0, 48, 32];

describe("savePicture", () => {
  it.each([
    ["a.png", "png", 0],
    ["a.jpg", "jpeg", 12],
    ["a.JPEG", "jpeg", 12],
    ["a.webp", "webp", 24],
  ])("%s is a %s file with the same pixels", async (name, format, tolerance) => {
    const path = join(folder(), "new", "deep", name);
    await savePicture(gradient, path);
    expect((await sharp(path).metadata()).format).toBe(format);
    const read = await decodePicture(path);
    expect(read).toMatchObject({ width: 48, height: 32 });
    expect(largestDifference(read, gradient, everywhere)).toBeLessThanOrEqual(tolerance);
  });

  it("replaces a file and leaves nothing else behind", async () => {
    const alone = join(folder(), "alone");
    await mkdir(alone);
    await writeFile(join(alone, "a.png"), "old");
    await savePicture(gradient, join(alone, "a.png"));
    expect(await readdir(alone)).toEqual(["a.png"]);
    expect((await decodePicture(join(alone, "a.png"))).width).toBe(48);
  });

  it("refuses extensions that name no picture format", async () => {
    await expect(savePicture(gradient, "picture.bmp")).rejects.toMatchObject({
      code: "picture-format",
      message:
        'Cannot save `picture.bmp`: the extension ".bmp" names no picture format; use .png, .jpg, .jpeg or .webp.',
    });
    await expect(savePicture(gradient, "picture")).rejects.toMatchObject({ code: "picture-format" });
  });

  it("says why a place cannot be written to", async () => {
    const file = join(folder(), "file");
    await writeFile(file, "content");
    await expect(savePicture(gradient, join(file, "a.png"))).rejects.toMatchObject({
      code: "output-unwritable",
      message: expect.stringContaining("a file stands where a folder is needed"),
    });
    expect(await readFile(file, "utf8")).toBe("content");

    const occupied = join(folder(), "occupied.png");
    await mkdir(occupied);
    await expect(savePicture(gradient, occupied)).rejects.toMatchObject({
      code: "output-unwritable",
      message: `Cannot write \`${occupied}\`: it is a folder; name a file.`,
    });
  });
});

describe("encodePicture", () => {
  it("quality decides the size of a JPEG", async () => {
    const noisy = makePicture(64, 64, (x, y) => [(x * 97 + y * 31) % 256, (x * y * 7) % 256, (x * 13) % 256]);
    const low = await encodePicture(noisy, "jpeg", { quality: 20 });
    const high = await encodePicture(noisy, "jpeg", { quality: 95 });
    expect(low.byteLength).toBeLessThan(high.byteLength / 2);
  });

  it.each([0, 101, 50.5, Number.NaN])("refuses quality %s", async (quality) => {
    await expect(encodePicture(gradient, "jpeg", { quality })).rejects.toMatchObject({
      code: "picture-quality",
      message: expect.stringContaining(`(=${quality})`),
    });
  });

  it.each([
    ["webp", 16383, "WebP"],
    ["jpeg", 65500, "JPEG"],
  ] as const)("refuses sides that a %s cannot have", async (format, longest, name) => {
    const line = (width: number) => ({ width, height: 1, data: new Uint8Array(3 * width) });
    expect((await decodePicture(await encodePicture(line(longest), format))).width).toBe(longest);
    const tooLong = line(longest + 1);
    await expect(encodePicture(tooLong, format)).rejects.toMatchObject({
      code: "picture-too-large",
      message: `A picture of ${longest + 1}×1 pixels cannot be a ${name} file, whose sides have ${longest} at most: save it as .png.`,
    });
    expect((await decodePicture(await encodePicture(tooLong, "png"))).width).toBe(longest + 1);
  });

  it("refuses a picture whose data does not match its size", async () => {
    await expect(encodePicture({ ...gradient, width: 47 }, "png")).rejects.toMatchObject({
      code: "picture-size",
      message:
        "A picture of 47×32 pixels needs 4512 bytes of RGB, but `data` has 4608; give three bytes for each pixel.",
    });
  });
});
