import { letterbox } from "../../geometry/index.ts";
import {
  cropPicture,
  letterboxPicture,
  type Picture,
  type PictureSize,
  resizePicture,
} from "../../image/index.ts";
import type { PixelBox } from "./view.ts";

/** How a picture comes into a net's input: its middle fills it, all of it with grey around, or stretched. */
export type Fit = "crop" | "pad" | "stretch";

/** A picture brought to a size, and the part of the result that is picture. */
export async function fitPicture(
  picture: Picture,
  { width, height }: PictureSize,
  fit: Fit,
): Promise<{ pixels: Picture; content: PixelBox }> {
  const whole: PixelBox = [0, 0, width, height];
  if (fit === "stretch") return { pixels: await resizePicture(picture, width, height), content: whole };
  if (fit === "pad") {
    const { padX, padY, newWidth, newHeight } = letterbox(picture.width, picture.height, width, height);
    const pixels = await letterboxPicture(picture, width, height);
    return { pixels, content: [padX, padY, padX + newWidth, padY + newHeight] };
  }
  return { pixels: await resizePicture(middleOf(picture, { width, height }), width, height), content: whole };
}

/** The largest part in a picture's middle that has the proportions of a size; at least one pixel wide and high. */
function middleOf(picture: Picture, { width, height }: PictureSize): Picture {
  const side = (length: number, most: number) => Math.min(most, Math.max(1, Math.round(length)));
  const wide = side((picture.height * width) / height, picture.width);
  const high = side((picture.width * height) / width, picture.height);
  const [left, top] = [(picture.width - wide) >> 1, (picture.height - high) >> 1];
  return cropPicture(picture, [left, top, left + wide, top + high]);
}
