import sharp from "sharp";
import type { Xyxy } from "../geometry/index.ts";
import type { PictureSize } from "../image/index.ts";
import { fitsWithin } from "./check-box.ts";
import type { AnnotatedPicture } from "./formats/annotations.ts";

/** How stated coordinates become pixels of the upright picture. */
export interface Alignment {
  /** Undefined where they cannot: the picture is to be left out. */
  toUpright?: (box: Xyxy) => Xyxy;
  /** What a stated area is multiplied by. */
  areaScale: number;
  /** What is to be said about the sizes. */
  detail?: string;
}

const identity = (box: Xyxy): Xyxy => box;

/**
 * Aligns an annotation with its picture where they disagree about the size. In this order:
 *
 * 1. the boxes do not fit the stated size, but the picture: they are taken as they are;
 * 2. the sides are interchanged: if EXIF turns the picture, the boxes were drawn before and are turned with
 *    it; if not, and they fit the picture, only the stated size is wrong;
 * 3. the proportions are the same: the picture was resized, and the boxes are, too;
 * 4. anything else: nobody knows what the boxes mean.
 */
export async function alignStatedSize(picture: AnnotatedPicture, upright: PictureSize): Promise<Alignment> {
  const { width, height } = upright;
  if (picture.unit === "fraction") return { toUpright: scaling(width, height), areaScale: width * height };
  const stated = picture.statedSize;
  if (!stated || (stated.width === width && stated.height === height)) {
    return { toUpright: identity, areaScale: 1 };
  }
  const sizes = `The annotation is for ${stated.width}×${stated.height}, the upright picture has ${width}×${height}`;
  const boxes = picture.boxes.map(({ corners }) => corners).filter((box) => box.every(Number.isFinite));
  const allFit = (size: PictureSize) => boxes.every((box) => fitsWithin(box, size));

  if (!allFit(stated) && allFit(upright)) {
    return { toUpright: identity, areaScale: 1, detail: `${sizes}, which the boxes fit: taken as they are.` };
  }
  if (stated.width === height && stated.height === width) {
    const turn = TURNS[await readOrientation(picture.path)];
    if (turn) {
      const detail = `${sizes}, because EXIF turns it: boxes turned with it.`;
      return { toUpright: turning(turn, stated), areaScale: 1, detail };
    }
    if (allFit(upright)) {
      return { toUpright: identity, areaScale: 1, detail: `${sizes}: boxes taken as they are.` };
    }
  }
  const [scaleX, scaleY] = [width / stated.width, height / stated.height];
  if (Math.abs(stated.height * scaleX - height) <= 1 || Math.abs(height / scaleX - stated.height) <= 1) {
    const toUpright = scaling(scaleX, scaleY);
    return { toUpright, areaScale: scaleX * scaleY, detail: `${sizes}: boxes scaled.` };
  }
  return { areaScale: 1, detail: `${sizes}, which is not a matter of scale: picture skipped.` };
}

function scaling(x: number, y: number): (box: Xyxy) => Xyxy {
  return ([x1, y1, x2, y2]) => [x1 * x, y1 * y, x2 * x, y2 * y];
}

type Turn = (x: number, y: number, stored: PictureSize) => [number, number];

/** Where EXIF's orientations that swap the sides put a point of the stored picture (EXIF 2.32, tag 274). */
const TURNS: Partial<Record<number, Turn>> = {
  5: (x, y) => [y, x],
  6: (x, y, { height }) => [height - y, x],
  7: (x, y, { width, height }) => [height - y, width - x],
  8: (x, y, { width }) => [y, width - x],
};

function turning(turn: Turn, stored: PictureSize): (box: Xyxy) => Xyxy {
  return ([x1, y1, x2, y2]) => {
    const [ax, ay] = turn(Math.min(x1, x2), Math.min(y1, y2), stored);
    const [bx, by] = turn(Math.max(x1, x2), Math.max(y1, y2), stored);
    return [Math.min(ax, bx), Math.min(ay, by), Math.max(ax, bx), Math.max(ay, by)];
  };
}

/** The EXIF orientation of a picture, 1 to 8; 1 is upright, as is what has no EXIF. */
async function readOrientation(path: string): Promise<number> {
  const metadata = await sharp(path)
    .metadata()
    .catch(() => undefined);
  return metadata?.orientation ?? 1;
}
