import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import sharp, { type Sharp } from "sharp";
import { describe, expect, it } from "vitest";
import { decodePicture, readPictureSize } from "../../src/image/index.ts";
import { temporaryFolder } from "./pictures.ts";

const folder = temporaryFolder();

describe("files that are not good pictures", () => {
  const noisy = (): Sharp =>
    sharp({
      create: {
        width: 200,
        height: 150,
        channels: 3,
        background: "#000",
        noise: { type: "gaussian", mean: 128, sigma: 40 },
      },
    });

  it.each([
    ["JPEG", () => noisy().jpeg()],
    ["PNG", () => noisy().png()],
    ["WebP", () => noisy().webp()],
    ["GIF", () => noisy().gif()],
    ["TIFF", () => noisy().tiff()],
  ])("a truncated %s is an error, however much is left", async (_, make) => {
    const bytes = await make().toBuffer();
    expect((await decodePicture(bytes)).width).toBe(200);
    for (const part of [0.05, 0.5, 0.95]) {
      const path = join(folder(), `cut-${part}`);
      await writeFile(path, bytes.subarray(0, Math.floor(bytes.length * part)));
      const failure = decodePicture(path);
      await expect(failure, `${part}`).rejects.toMatchObject({
        name: "FoveaError",
        code: "picture-truncated",
      });
      await expect(failure).rejects.toThrow(
        /^Picture `.*cut-.*` is truncated \(libvips: .*\): copy it again or delete it\.$/,
      );
    }
  });

  it.each([
    ["JPEG", () => noisy().jpeg()],
    ["progressive JPEG", () => noisy().jpeg({ progressive: true })],
  ])("a truncated %s is an error, though somebody wrote an end after it", async (_, make) => {
    const bytes = await make().toBuffer();
    for (const part of [0.3, 0.6, 0.9]) {
      const cut = Buffer.concat([
        bytes.subarray(0, Math.floor(bytes.length * part)),
        Buffer.from([0xff, 0xd9]),
      ]);
      for (const fitWithin of [undefined, 50]) {
        await expect(decodePicture(cut, { fitWithin }), `${part}`).rejects.toMatchObject({
          code: "picture-truncated",
        });
      }
    }
  });

  it("a JPEG with stray bytes between its markers is as good as without", async () => {
    const bytes = await noisy().jpeg().toBuffer();
    const second = 4 + bytes.readUInt16BE(4); // where the second marker stands
    const stray = Buffer.concat([bytes.subarray(0, second), Buffer.from([1, 2, 3]), bytes.subarray(second)]);
    for (const fitWithin of [undefined, 50]) {
      const [picture, expected] = [
        await decodePicture(stray, { fitWithin }),
        await decodePicture(bytes, { fitWithin }),
      ];
      expect(Buffer.compare(picture.data, expected.data)).toBe(0);
    }
  });

  it("a JPEG with stray bytes after its end is fine", async () => {
    const bytes = Buffer.concat([await noisy().jpeg().toBuffer(), Buffer.from("appended by a camera")]);
    expect((await decodePicture(bytes)).width).toBe(200);
  });

  it("a PNG with a flipped byte is damaged, not truncated", async () => {
    const bytes = await noisy().png().toBuffer();
    bytes[Math.floor(bytes.length / 2)] ^= 0xff;
    await expect(decodePicture(bytes)).rejects.toMatchObject({
      code: "picture-unreadable",
      message: expect.stringContaining("is damaged"),
    });
  });

  it.each([
    ["text named .jpg", "text.jpg", "just some words", "picture-unreadable"],
    [
      "an SVG",
      "drawing.svg",
      '<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg"/>',
      "picture-unreadable",
    ],
    ["an empty file", "empty.png", "", "picture-empty"],
  ])("%s", async (_, name, content, code) => {
    const path = join(folder(), name);
    await writeFile(path, content);
    for (const read of [decodePicture, readPictureSize]) {
      await expect(read(path)).rejects.toMatchObject({
        code,
        message: expect.stringContaining(`\`${path}\``),
      });
    }
  });

  it("nothing there, a folder, no bytes", async () => {
    for (const read of [decodePicture, readPictureSize]) {
      await expect(read(join(folder(), "absent.jpg"))).rejects.toMatchObject({ code: "picture-missing" });
      await expect(read(folder())).rejects.toThrow(`\`${folder()}\` is a folder, not a picture`);
      await expect(read(new Uint8Array())).rejects.toMatchObject({ code: "picture-empty" });
    }
  });

  it("the size follows a file that is written anew", async () => {
    const path = join(folder(), "rewritten.png");
    for (const width of [10, 20]) {
      await sharp({ create: { width, height: 5, channels: 3, background: "#123" } }).toFile(path);
      expect(await readPictureSize(path)).toEqual({ width, height: 5 });
    }
  });
});
