import sharp, { type FailOnOptions, type Metadata, type Sharp } from "sharp";
import { FoveaError, messageOf } from "../core/index.ts";
import { type FileFormat, SIGNATURE_LENGTH, sniffFormat } from "./file-format.ts";
import { checkSize, shrinkWithin } from "./fit.ts";
import { toPicture } from "./open-picture.ts";
import type { Picture, PictureSize } from "./picture.ts";
import { nameSource, type PictureSource, readPictureFile } from "./picture-file.ts";
import { PNM_HEADER_LIMIT, readPnmHeader, readPnmSamples } from "./pnm.ts";
import { notPicture, openTiff, requirePictureTiff } from "./tiff.ts";
import { isTruncated } from "./truncation.ts";

/** A decoded picture that remembers how large it was before it was shrunk. */
export interface DecodedPicture extends Picture {
  /** Columns of the upright picture before shrinking. */
  readonly originalWidth: number;
  /** Rows of the upright picture before shrinking. */
  readonly originalHeight: number;
}

export interface DecodeOptions {
  /**
   * Shrinks the picture, keeping its proportions, until it fits; a number means a square. Never enlarges.
   * For JPEG much of the work is done by the decoder, so large photographs come up to 8 times faster.
   */
  fitWithin?: number | PictureSize;
}

/**
 * Decodes a picture file to upright 8-bit sRGB.
 *
 * Reads JPEG, PNG, WebP, GIF (first frame), TIFF (first page), AVIF, PGM and PPM (binary). EXIF orientation
 * is applied; grey becomes three equal channels; CMYK, 16-bit and embedded colour profiles are converted to
 * 8-bit sRGB; transparent pixels are blended over white. A file that is cut off is an error, not grey pixels, also where
 * an end was written after the cut; a JPEG that has stray bytes before that end, or bytes that were overwritten, cannot be
 * told from a good one. TIFFs of measurements (32-bit samples, more bands than colours and one) are refused.
 *
 * @param source path, or bytes of the file
 * @throws `picture-missing`, `picture-empty`, `picture-truncated`, `picture-unreadable`, `picture-too-large`
 */
export async function decodePicture(
  source: PictureSource,
  options: DecodeOptions = {},
): Promise<DecodedPicture> {
  const bounds = options.fitWithin === undefined ? undefined : toBounds(options.fitWithin);
  const bytes = await readPictureFile(source);
  const name = nameSource(source);
  const format = readableFormat(bytes, name);
  const decode = async (failOn: FailOnOptions) => finish(await open(bytes, format, name, failOn), bounds);
  try {
    if (format !== "jpeg") return await decode("error");
    return await decode("warning").catch((error) => {
      if (LOST_PIXELS.test(messageOf(error))) throw error;
      return decode("error");
    });
  } catch (error) {
    throw explainDecodeError(error, bytes, format, name);
  }
}

/** Warnings of the JPEG decoder after which pixels are made up. Others are harmless: stray bytes between markers are common. */
const LOST_PIXELS = /premature end|bad huffman code|bad arithmetic code|instead of RST/i;

async function open(
  bytes: Uint8Array,
  format: FileFormat,
  name: string,
  failOn: FailOnOptions,
): Promise<Sharp> {
  if (format === "pnm") return openPnm(bytes, name);
  const pipeline = sharp(bytes, { failOn, autoOrient: true });
  return format === "tiff" ? openTiff(pipeline, bytes, name) : pipeline;
}

async function finish(pipeline: Sharp, bounds: PictureSize | undefined): Promise<DecodedPicture> {
  const original = bounds && sizeOf(await pipeline.metadata());
  if (original) {
    const { width, height } = shrinkWithin(original, bounds);
    if (width < original.width || height < original.height) pipeline.resize(width, height, { fit: "fill" });
  }
  const picture = await toPicture(pipeline);
  return {
    ...picture,
    originalWidth: original?.width ?? picture.width,
    originalHeight: original?.height ?? picture.height,
  };
}

/**
 * The size of the upright picture, from the file's header only: fast, but a file that is cut off further
 * down goes unnoticed. EXIF orientations 5 to 8 swap width and height.
 *
 * @param source path, or bytes of the file
 * @throws `picture-missing`, `picture-empty`, `picture-truncated`, `picture-unreadable`, `picture-too-large`
 */
export async function readPictureSize(source: PictureSource): Promise<PictureSize> {
  const start = await readPictureFile(source, PNM_HEADER_LIMIT);
  const name = nameSource(source);
  const format = readableFormat(start, name);
  if (format === "pnm") {
    const { width, height } = readPnmHeader(start, name);
    return { width, height };
  }
  try {
    const metadata = await sharp(source, { failOn: "error", autoOrient: true }).metadata();
    if (format === "tiff") requirePictureTiff(metadata, name);
    return sizeOf(metadata);
  } catch (error) {
    throw explainDecodeError(error, await readPictureFile(source), format, name);
  }
}

function openPnm(bytes: Uint8Array, name: string): Sharp {
  const header = readPnmHeader(bytes, name);
  const { width, height, channels } = header;
  return sharp(readPnmSamples(bytes, header, name), { raw: { width, height, channels } });
}

/** Of the upright picture. */
function sizeOf({ autoOrient: { width, height } }: Metadata): PictureSize {
  return { width, height };
}

function toBounds(fitWithin: number | PictureSize): PictureSize {
  const bounds = typeof fitWithin === "number" ? { width: fitWithin, height: fitWithin } : fitWithin;
  checkSize("decodePicture", { "fitWithin.width": bounds.width, "fitWithin.height": bounds.height });
  return bounds;
}

const UNSUPPORTED: Partial<Record<FileFormat, string>> = { bmp: "BMP", heic: "HEIC", svg: "SVG" };

function readableFormat(bytes: Uint8Array, name: string): FileFormat {
  const format = sniffFormat(bytes.subarray(0, SIGNATURE_LENGTH));
  if (format === undefined) {
    throw new FoveaError(
      "picture-unreadable",
      `Picture ${name} is not a picture file: its first bytes belong to none of JPEG, PNG, WebP, GIF, TIFF, AVIF, PGM and PPM.`,
    );
  }
  if (format in UNSUPPORTED) {
    throw new FoveaError(
      "picture-unreadable",
      `Picture ${name} is a ${UNSUPPORTED[format]} file, which cannot be read: convert it to PNG or JPEG.`,
    );
  }
  return format;
}

function explainDecodeError(error: unknown, bytes: Uint8Array, format: FileFormat, name: string): FoveaError {
  if (error instanceof FoveaError) return error;
  const reason = messageOf(error).split("\n")[0];
  const cause = { cause: error };
  if (/pixel limit/.test(reason)) {
    return new FoveaError(
      "picture-too-large",
      `Picture ${name} has more than 268 million pixels: shrink it first.`,
      cause,
    );
  }
  if (format === "tiff" && /samples out of range/.test(reason)) {
    return notPicture(name, "samples of more than 32 bits");
  }
  if (isTruncated(bytes, format, reason)) {
    return new FoveaError(
      "picture-truncated",
      `Picture ${name} is truncated (libvips: ${reason}): copy it again or delete it.`,
      cause,
    );
  }
  return new FoveaError(
    "picture-unreadable",
    `Picture ${name} is damaged (libvips: ${reason}): copy it again or delete it.`,
    cause,
  );
}
