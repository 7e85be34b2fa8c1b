import sharp, { type Metadata, type Sharp } from "sharp";
import { FoveaError } from "../core/index.ts";
import { readTiffShort } from "./tiff-directory.ts";

/** Bits of samples that are no colours of 8 or 16 bits: nobody says what would be black and white. */
const WIDE_SAMPLES: Partial<Record<Metadata["depth"], number>> = {
  int: 32,
  uint: 32,
  float: 32,
  double: 64,
  complex: 64,
  dpcomplex: 128,
};

/**
 * Refuses TIFFs that hold measurements instead of a picture: wide samples, or more bands than colours and one.
 *
 * @throws `picture-unreadable`
 */
export function requirePictureTiff({ depth, channels, space }: Metadata, name: string): void {
  const bits = WIDE_SAMPLES[depth];
  if (bits) throw notPicture(name, `${bits}-bit samples`);
  const colours = space === "cmyk" ? 4 : space === "b-w" || space === "grey16" ? 1 : 3;
  if (channels > colours + 1) throw notPicture(name, `${channels} bands`);
}

/** What is said of a TIFF that holds measurements: `what` it has. */
export function notPicture(name: string, what: string): FoveaError {
  return new FoveaError("picture-unreadable", `Picture ${name} has ${what}: convert it to 8 or 16-bit RGB.`);
}

/** TIFF 6.0: what the bands beyond the colours are; 1 is premultiplied opacity, 2 opacity, 0 anything else. */
const EXTRA_SAMPLES = 338;

/**
 * Prepares a pipeline of a TIFF for {@link toPicture}. A band beyond the colours that is not said to be opacity (infrared, a
 * mask) is left out before anything else: it must not blend the picture over white, nor weigh pixels as they are shrunk.
 *
 * @throws `picture-unreadable`
 */
export async function openTiff(pipeline: Sharp, bytes: Uint8Array, name: string): Promise<Sharp> {
  const metadata = await pipeline.metadata();
  requirePictureTiff(metadata, name);
  if (!metadata.hasAlpha) return pipeline;
  const extra = readTiffShort(new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), EXTRA_SAMPLES);
  if (extra === 1 || extra === 2) return pipeline;
  const { data, info } = await pipeline
    .removeAlpha()
    .toColourspace("srgb")
    .raw({ depth: "uchar" })
    .toBuffer({ resolveWithObject: true });
  const { width, height, channels } = info;
  return sharp(data, { raw: { width, height, channels } });
}
