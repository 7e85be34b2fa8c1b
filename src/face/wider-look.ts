import { clipBox, type Xyxy } from "../geometry/index.ts";
import { type Picture, type PictureSize, resizePicture } from "../image/index.ts";

/** Side in pixels that the detector looks at: more would be shrunk by it. */
const DETECTOR_SIDE = 512;

/** A picture in the middle of a larger black one, and the way back. */
export interface WiderLook {
  picture: Picture;
  /** A box in it, in pixels of the original, clipped to that. */
  toOriginal(box: Xyxy): Xyxy;
}

/**
 * A picture in the middle of a black square `factor` times its longer side: detectors of faces know best those that take
 * up a fifth of a picture, and overlook some that fill it.
 */
export async function lookWider(picture: Picture, factor: number): Promise<WiderLook> {
  const longer = Math.max(picture.width, picture.height);
  const scale = Math.min(1, DETECTOR_SIDE / factor / longer);
  const [width, height] = [picture.width, picture.height].map((side) =>
    Math.max(1, Math.round(side * scale)),
  );
  const inner = scale < 1 ? await resizePicture(picture, width, height) : picture;
  const side = Math.round(factor * Math.max(width, height));
  const [left, top] = [width, height].map((length) => Math.floor((side - length) / 2));
  const data = new Uint8Array(3 * side * side);
  for (let y = 0; y < height; y++) {
    data.set(inner.data.subarray(3 * y * width, 3 * (y + 1) * width), 3 * ((top + y) * side + left));
  }
  const [scaleX, scaleY] = [picture.width / width, picture.height / height];
  return {
    picture: { width: side, height: side, data },
    toOriginal: ([x1, y1, x2, y2]) =>
      clipBox(
        [(x1 - left) * scaleX, (y1 - top) * scaleY, (x2 - left) * scaleX, (y2 - top) * scaleY],
        picture.width,
        picture.height,
      ),
  };
}

/** A face's share of the picture's longer side from which on a wider look sees it better. */
const LARGE = 0.5;

/** Whether a box takes up more of a picture than a detector of faces is good at: it may span two of them. */
export function isLargeFace([x1, y1, x2, y2]: Xyxy, { width, height }: PictureSize): boolean {
  return Math.sqrt((x2 - x1) * (y2 - y1)) > LARGE * Math.max(width, height);
}
