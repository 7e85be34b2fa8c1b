import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import sharp, { type Sharp } from "sharp";
import { describe, expect, it } from "vitest";
import { decodePicture, type Picture, readPictureSize } from "../../src/image/index.ts";
import { pixel } from "./pictures.ts";

/** 60×40: red top-left, green top-right, blue bottom-left, yellow bottom-right; no symmetry maps it to itself. */
const WIDTH = 60;

const HEIGHT = 40;
const RED = [220, 30, 40];
const GREEN = [30, 180, 60];
const BLUE = [40, 60, 200];
const YELLOW = [230, 210, 50];

const quarters = Buffer.from(
  Array.from({ length: WIDTH * HEIGHT }, (_, i) => {
    const left = i % WIDTH < WIDTH / 2;
    const top = i < (WIDTH * HEIGHT) / 2;
    return top ? (left ? RED : GREEN) : left ? BLUE : YELLOW;
  }).flat(),
);

const raw = { width: WIDTH, height: HEIGHT, channels: 3 } as const;
const pattern = (): Sharp => sharp(quarters, { raw });

function expectColour(picture: Picture, x: number, y: number, colour: readonly number[], tolerance = 6) {
  const actual = pixel(picture, x, y);
  const difference = Math.max(...actual.map((value, i) => Math.abs(value - colour[i])));
  expect(difference, `(${x}, ${y}) is ${actual}, wanted ${colour}`).toBeLessThanOrEqual(tolerance);
}

/** Checks the middles of the four quarters, in reading order. */
function expectQuarters(picture: Picture, colours: readonly (readonly number[])[], tolerance?: number) {
  const { width, height } = picture;
  const [left, right] = [Math.floor(width / 4), Math.floor((3 * width) / 4)];
  const [top, bottom] = [Math.floor(height / 4), Math.floor((3 * height) / 4)];
  expectColour(picture, left, top, colours[0], tolerance);
  expectColour(picture, right, top, colours[1], tolerance);
  expectColour(picture, left, bottom, colours[2], tolerance);
  expectColour(picture, right, bottom, colours[3], tolerance);
}

const UPRIGHT = [RED, GREEN, BLUE, YELLOW];

describe("EXIF orientation", () => {
  // What stands in the four quarters once the stored pattern is turned upright (EXIF 2.3, tag 0x0112).
  it.each([
    [1, [RED, GREEN, BLUE, YELLOW]],
    [2, [GREEN, RED, YELLOW, BLUE]],
    [3, [YELLOW, BLUE, GREEN, RED]],
    [4, [BLUE, YELLOW, RED, GREEN]],
    [5, [RED, BLUE, GREEN, YELLOW]],
    [6, [BLUE, RED, YELLOW, GREEN]],
    [7, [YELLOW, GREEN, BLUE, RED]],
    [8, [GREEN, YELLOW, RED, BLUE]],
  ])("%i is turned upright", async (orientation, colours) => {
    const bytes = await pattern().withMetadata({ orientation }).jpeg({ quality: 95 }).toBuffer();
    const size = orientation >= 5 ? { width: HEIGHT, height: WIDTH } : { width: WIDTH, height: HEIGHT };

    const picture = await decodePicture(bytes);
    expect(picture).toMatchObject({ ...size, originalWidth: size.width, originalHeight: size.height });
    expectQuarters(picture, colours);
    expect(await readPictureSize(bytes)).toEqual(size);

    const small = await decodePicture(bytes, { fitWithin: 30 });
    expect(Math.max(small.width, small.height)).toBe(30);
    expect(small).toMatchObject({ originalWidth: size.width, originalHeight: size.height });
    expectQuarters(small, colours);
  });
});

describe("colour", () => {
  it.each([
    ["PNG", () => pattern().png(), 0],
    ["16-bit PNG", () => pattern().toColourspace("rgb16").png(), 1],
    ["palette PNG", () => pattern().png({ palette: true }), 6],
    ["JPEG", () => pattern().jpeg({ quality: 95 }), 6],
    // The gamut of print is smaller than the screen's: only roughly the same colour comes back.
    ["CMYK JPEG", () => pattern().toColourspace("cmyk").jpeg({ quality: 100 }), 60],
    ["lossless WebP", () => pattern().webp({ lossless: true }), 0],
    ["GIF", () => pattern().gif(), 6],
    ["TIFF", () => pattern().tiff({ compression: "lzw" }), 0],
    ["AVIF", () => pattern().avif({ quality: 95 }), 10],
    ["Display P3 PNG", () => pattern().withIccProfile("p3").png(), 4],
  ])("%s becomes 8-bit RGB", async (_, make, tolerance) => {
    const bytes = await make().toBuffer();
    const picture = await decodePicture(bytes);
    expect(picture).toMatchObject({ width: WIDTH, height: HEIGHT });
    expect(picture.data).toHaveLength(WIDTH * HEIGHT * 3);
    expectQuarters(picture, UPRIGHT, tolerance);
    expect(await readPictureSize(bytes)).toEqual({ width: WIDTH, height: HEIGHT });
  });

  it("an AVIF may call itself a HEIF first", async () => {
    const bytes = await pattern().avif({ quality: 95 }).toBuffer();
    expect(bytes.subarray(4, 12).toString("latin1")).toBe("ftypavif");
    expect(bytes.subarray(16, 24).toString("latin1")).toBe("mif1avif");
    bytes.write("mif1", 8, "latin1");
    expectQuarters(await decodePicture(bytes), UPRIGHT, 10);
    bytes.write("heicmif1heic", 8, "latin1");
    bytes.write("heic", 20, "latin1");
    await expect(decodePicture(bytes)).rejects.toThrow("is a HEIC file, which cannot be read");
  });

  it("an embedded profile is converted, not ignored", async () => {
    const bytes = await pattern().withIccProfile("p3").png().toBuffer();
    const stored = await sharp(bytes, { ignoreIcc: true }).raw().toBuffer();
    expect(Math.abs(stored[0] - RED[0])).toBeGreaterThan(8);
    expectColour(await decodePicture(bytes), 5, 5, RED, 2);
  });

  it.each([
    ["grey", [100], [100, 100, 100]],
    ["grey with alpha", [100, 51], [224, 224, 224]],
    ["RGBA, opaque", [200, 100, 50, 255], [200, 100, 50]],
    ["RGBA, a fifth", [200, 100, 50, 51], [244, 224, 214]],
    ["RGBA, transparent", [200, 100, 50, 0], [255, 255, 255]],
  ])("%s is blended over white", async (_, samples, expected) => {
    const channels = samples.length as 1 | 2 | 4;
    const image = sharp(Uint8Array.from(samples), { raw: { width: 1, height: 1, channels } });
    const bytes = await image
      .toColourspace(channels < 3 ? "b-w" : "srgb")
      .png()
      .toBuffer();
    const picture = await decodePicture(bytes);
    expect(picture).toMatchObject({ width: 1, height: 1 });
    expectColour(picture, 0, 0, expected, 1);
  });

  it("16-bit grey keeps its brightness", async () => {
    const samples = new Uint16Array([0, 0x4000, 0x8000, 0xffff]);
    const bytes = await sharp(samples, { raw: { width: 4, height: 1, channels: 1 } })
      .toColourspace("grey16")
      .png()
      .toBuffer();
    const picture = await decodePicture(bytes);
    expectColour(picture, 0, 0, [0, 0, 0], 1);
    expectColour(picture, 1, 0, [64, 64, 64], 1);
    expectColour(picture, 2, 0, [128, 128, 128], 1);
    expectColour(picture, 3, 0, [255, 255, 255], 1);
  });

  it("takes the first frame of an animation", async () => {
    const frame = (background: string) =>
      sharp({ create: { width: 8, height: 8, channels: 3, background } })
        .png()
        .toBuffer();
    const bytes = await sharp([await frame("#f00"), await frame("#00f")], { join: { animated: true } })
      .gif()
      .toBuffer();
    expect((await sharp(bytes).metadata()).pages).toBe(2);
    const picture = await decodePicture(bytes);
    expect(picture).toMatchObject({ width: 8, height: 8 });
    expectColour(picture, 4, 4, [255, 0, 0]);
  });
});

describe("size", () => {
  it("keeps proportions, one pixel at least, and never enlarges", async () => {
    const bytes = await pattern().png().toBuffer();
    expect(await decodePicture(bytes, { fitWithin: 15 })).toMatchObject({ width: 15, height: 10 });
    expect(await decodePicture(bytes, { fitWithin: { width: 60, height: 20 } })).toMatchObject({
      width: 30,
      height: 20,
      originalWidth: WIDTH,
      originalHeight: HEIGHT,
    });
    expect(await decodePicture(bytes, { fitWithin: 500 })).toMatchObject({ width: WIDTH, height: HEIGHT });
    await expect(decodePicture(bytes, { fitWithin: 0 })).rejects.toMatchObject({ code: "picture-size" });
  });

  it("a line of 1×5000 pixels", async () => {
    const bytes = await sharp({ create: { width: 1, height: 5000, channels: 3, background: "#369" } })
      .png()
      .toBuffer();
    expect(await decodePicture(bytes)).toMatchObject({ width: 1, height: 5000 });
    expect(await decodePicture(bytes, { fitWithin: 100 })).toMatchObject({
      width: 1,
      height: 100,
      originalHeight: 5000,
    });
  });

  it("8000×6000 pixels, shrunk", async () => {
    const bytes = await pattern().resize(8000, 6000, { fit: "fill", kernel: "nearest" }).jpeg().toBuffer();
    expect(await readPictureSize(bytes)).toEqual({ width: 8000, height: 6000 });
    const picture = await decodePicture(bytes, { fitWithin: 640 });
    expect(picture).toMatchObject({ width: 640, height: 480, originalWidth: 8000, originalHeight: 6000 });
    expectQuarters(picture, UPRIGHT, 8);
  });
});

describe("PGM and PPM", () => {
  const ascii = (text: string) => Buffer.from(text, "latin1");
  const file = (header: string, samples: number[]) => Buffer.concat([ascii(header), Buffer.from(samples)]);

  it("reads 8-bit grey, with comments in the header", async () => {
    const bytes = file("P5\n# a comment 1 2 3\n3 # columns\n2\n255\n", [0, 10, 35, 200, 254, 255]);
    const picture = await decodePicture(bytes);
    expect(picture).toMatchObject({ width: 3, height: 2, originalWidth: 3, originalHeight: 2 });
    expect([...picture.data]).toEqual([0, 10, 35, 200, 254, 255].flatMap((v) => [v, v, v]));
    expect(await readPictureSize(bytes)).toEqual({ width: 3, height: 2 });
  });

  it("a sample that looks like white space belongs to the picture", async () => {
    const picture = await decodePicture(file("P5 2 1 255 ", [32, 10]));
    expect([...picture.data]).toEqual([32, 32, 32, 10, 10, 10]);
  });

  it("scales other maxima, and 16-bit samples are big-endian", async () => {
    expect([...(await decodePicture(file("P5 3 1 15\n", [0, 5, 15]))).data]).toEqual(
      [0, 85, 255].flatMap((v) => [v, v, v]),
    );
    expect([
      ...(await decodePicture(file("P6 1 1 65535\n", [0x80, 0x00, 0xff, 0xff, 0x00, 0x40]))).data,
    ]).toEqual([128, 255, 0]);
  });

  it("reads colour, and shrinks", async () => {
    const bytes = Buffer.concat([ascii(`P6\n${WIDTH} ${HEIGHT}\n255\n`), quarters]);
    expect([...(await decodePicture(bytes)).data]).toEqual([...quarters]);
    const small = await decodePicture(bytes, { fitWithin: 30 });
    expect(small).toMatchObject({ width: 30, height: 20, originalWidth: WIDTH, originalHeight: HEIGHT });
    expectQuarters(small, UPRIGHT);
  });

  it("refuses what is cut off, broken or plain text", async () => {
    await expect(decodePicture(file("P5 3 2 255\n", [1, 2, 3]))).rejects.toMatchObject({
      code: "picture-truncated",
      message: "Picture (in memory, 14 bytes) is truncated (14 of 17 bytes): copy it again or delete it.",
    });
    for (const read of [decodePicture, readPictureSize]) {
      await expect(read(file("P5 17000 17000 255\n", []))).rejects.toMatchObject({
        code: "picture-too-large",
        message:
          "Picture (in memory, 19 bytes) has more than 268 million pixels (17000×17000): shrink it first.",
      });
    }
    await expect(decodePicture(file("P5 0 2 255\n", []))).rejects.toMatchObject({
      code: "picture-unreadable",
    });
    await expect(decodePicture(file("P5 2", []))).rejects.toMatchObject({ code: "picture-unreadable" });
    await expect(decodePicture(file("P2 1 1 255\n 7", []))).rejects.toThrow("only P5");
  });

  const face = "../shared/data/orl/s1/1.pgm";
  it("reads a face of the ORL set", async (context) => {
    if (!existsSync(face)) {
      console.log(`skipped: ${face} is absent`);
      return context.skip();
    }
    const picture = await decodePicture(face);
    expect(picture).toMatchObject({ width: 92, height: 112 });
    const samples = (await readFile(face)).subarray(-92 * 112);
    expect(picture.data.every((value, i) => value === samples[Math.floor(i / 3)])).toBe(true);
  });
});
