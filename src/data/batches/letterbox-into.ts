import { FoveaError } from "../../core/index.ts";
import { type Letterbox, letterbox } from "../../geometry/index.ts";
import type { Picture } from "../../image/index.ts";
import { sameColours } from "./colour-jitter.ts";
import { drawPicture } from "./draw-picture.ts";
import { PicturePyramid } from "./picture-pyramid.ts";
import { placeLetterboxed } from "./placement.ts";

/** The grey around a letterboxed picture. */
export const letterboxFill = 114;

/**
 * Writes a picture into `out`, `[3, height, width]` planar RGB bytes, as training without augmentation does:
 * aspect kept, centred, grey around, sampled bilinearly. Returns where it lies. Throws `letterbox-size` when
 * `out` has another length.
 */
export function letterboxInto(picture: Picture, width: number, height: number, out: Uint8Array): Letterbox {
  const fit = letterbox(picture.width, picture.height, width, height);
  if (out.length !== 3 * width * height) {
    throw new FoveaError(
      "letterbox-size",
      `letterboxInto: \`out\` (of ${out.length} bytes) must have 3 × ${height} × ${width} = ${3 * width * height} bytes.`,
    );
  }
  const { toInput, crop } = placeLetterboxed(picture, { width, height });
  out.fill(letterboxFill);
  drawPicture({ width, height, data: out }, new PicturePyramid(picture), toInput, crop, sameColours);
  return fit;
}
