import { FoveaError } from "../core/index.ts";
import { type Picture, type PictureSize, readPicture, resizePicture } from "../image/index.ts";
import type { PictureInput, StyleInput } from "./options.ts";
import { type Planes, toPlanes } from "./planes/index.ts";

/** Below this side there is nothing that a net could compare. */
const SMALLEST_SIDE = 16;

/** A style that was read. */
export interface ReadStyle {
  picture: Picture;
  weight: number;
  mask: Picture | undefined;
}

/** The content as a picture; throws what decoding throws, `picture-size` and `picture-too-small`. */
export async function readContent(content: PictureInput): Promise<Picture> {
  return requireLarge(await readPicture(content), "Content", content);
}

/**
 * The styles as pictures.
 * @throws FoveaError `style-missing`, `argument-range`, `picture-too-small`, and what decoding throws
 */
export async function readStyles(styles: readonly StyleInput[]): Promise<ReadStyle[]> {
  if (styles.length === 0) {
    throw new FoveaError("style-missing", "transferStyle: `styles` is empty; give at least one picture.");
  }
  return Promise.all(
    styles.map(async ({ picture, weight = 1, mask }, i) => {
      if (!(weight > 0 && Number.isFinite(weight))) {
        throw new FoveaError(
          "argument-range",
          `transferStyle: the weight of style ${i + 1} (=${weight}) must be a number above 0; leave the style out instead.`,
        );
      }
      return {
        picture: requireLarge(await readPicture(picture), "Style", picture),
        weight,
        mask: mask === undefined ? undefined : await readPicture(mask),
      };
    }),
  );
}

function requireLarge(picture: Picture, role: string, input: PictureInput): Picture {
  const { width, height } = picture;
  if (Math.min(width, height) >= SMALLEST_SIDE) return picture;
  const name = typeof input === "string" ? ` \`${input}\`` : "";
  throw new FoveaError(
    "picture-too-small",
    `${role}${name} has ${width}×${height} pixels, which shows nothing to a net: both sides must have ${SMALLEST_SIDE} or more.`,
  );
}

/** A picture as planes of a size. */
export async function planesAt(picture: Picture, { width, height }: PictureSize): Promise<Planes> {
  return toPlanes(await resizePicture(picture, width, height));
}

/** A mask's lightness at a size, `[height, width]` in 0…1. */
export async function maskAt(mask: Picture, size: PictureSize): Promise<Float32Array> {
  const { data } = await planesAt(mask, size);
  const pixels = size.width * size.height;
  return Float32Array.from(
    { length: pixels },
    (_, i) => (data[i] + data[pixels + i] + data[2 * pixels + i]) / 3,
  );
}
