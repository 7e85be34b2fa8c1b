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
  const scale = Math.max(width / picture.width, height / picture.height);
  const covering = [picture.width, picture.height].map((side) => Math.round(side * scale));
  const [wide, high] = [Math.max(width, covering[0]), Math.max(height, covering[1])];
  const enlarged = await resizePicture(picture, wide, high);
  const [left, top] = [(wide - width) >> 1, (high - height) >> 1];
  return { pixels: cropPicture(enlarged, [left, top, left + width, top + height]), content: whole };
}
