import { extname } from "node:path";
import { FoveaError, writeOutput } from "../core/index.ts";
import { openPicture } from "./open-picture.ts";
import type { Picture } from "./picture.ts";
import { requirePicture } from "./require-picture.ts";

/** File formats that pictures are written in. */
export type PictureFormat = "png" | "jpeg" | "webp";

export interface EncodeOptions {
  /** 1 (smallest) to 100 (best), for JPEG and WebP; 90 by default. PNG is lossless. */
  quality?: number;
}

/** Pixels that a side may have: WebP's own limit, and that of libjpeg. */
const LONGEST_SIDE: Partial<Record<PictureFormat, number>> = { webp: 16383, jpeg: 65500 };

/**
 * The bytes of a picture file. JPEG keeps colour at full resolution, so that thin coloured lines stay sharp.
 *
 * @throws `picture-size`, `picture-quality`, `picture-too-large` for sides above 16383 pixels in a WebP or 65500 in a JPEG
 */
export async function encodePicture(
  picture: Picture,
  format: PictureFormat,
  options: EncodeOptions = {},
): Promise<Uint8Array> {
  const quality = options.quality ?? 90;
  if (!Number.isInteger(quality) || quality < 1 || quality > 100) {
    throw new FoveaError(
      "picture-quality",
      `encodePicture: \`quality\` (=${quality}) must be a whole number from 1 to 100.`,
    );
  }
  requirePicture(picture);
  const longest = LONGEST_SIDE[format] ?? Number.POSITIVE_INFINITY;
  const { width, height } = picture;
  if (Math.max(width, height) > longest) {
    throw new FoveaError(
      "picture-too-large",
      `A picture of ${width}×${height} pixels cannot be a ${FORMAT_NAMES[format]} file, whose sides have ${longest} at most: save it as .png.`,
    );
  }
  const pipeline = openPicture(picture);
  switch (format) {
    case "png":
      return pipeline.png().toBuffer();
    case "jpeg":
      return pipeline.jpeg({ quality, chromaSubsampling: "4:4:4" }).toBuffer();
    case "webp":
      return pipeline.webp({ quality }).toBuffer();
  }
}

const FORMAT_NAMES: Record<PictureFormat, string> = { png: "PNG", jpeg: "JPEG", webp: "WebP" };

const FORMAT_OF_EXTENSION: Record<string, PictureFormat> = {
  ".png": "png",
  ".jpg": "jpeg",
  ".jpeg": "jpeg",
  ".webp": "webp",
};

/**
 * Writes a picture file, in the format of its extension (.png, .jpg, .jpeg, .webp), whole or not at all.
 * Makes missing folders.
 *
 * @throws `picture-format`, `picture-size`, `picture-quality`, `picture-too-large`, `output-unwritable`
 */
export async function savePicture(
  picture: Picture,
  path: string,
  options: EncodeOptions = {},
): Promise<void> {
  const extension = extname(path);
  const format = FORMAT_OF_EXTENSION[extension.toLowerCase()];
  if (format === undefined) {
    throw new FoveaError(
      "picture-format",
      `Cannot save \`${path}\`: the extension "${extension}" names no picture format; use .png, .jpg, .jpeg or .webp.`,
    );
  }
  await writeOutput(path, await encodePicture(picture, format, options));
}
