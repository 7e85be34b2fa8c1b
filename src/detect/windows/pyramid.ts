import type { Tensor } from "../../core/index.ts";
import { drawPicture, letterboxFill, type PicturePyramid, sameColours } from "../../data/index.ts";
import type { Xyxy } from "../../geometry/index.ts";
import type { PictureSize } from "../../image/index.ts";
import type { WindowsCard } from "./model-card.ts";

/** Share of a window's sides that lies around a picture, grey: objects at its border are in the middle of a window, too. */
const BORDER_SHARE = 0.25;

/** One size of a picture in which windows find objects of one size. */
export interface Level {
  /** Pixels of the level for one of the picture. */
  scale: number;
  /** Size of the level with its border. */
  width: number;
  height: number;
  /** Grey pixels on each side. */
  borderX: number;
  borderY: number;
}

/** The levels of a picture's pyramid, one for each size of objects; those that no window fits in are left out. */
export function levelsOf(picture: PictureSize, { window, sizes, filled }: WindowsCard): Level[] {
  const longer = Math.max(picture.width, picture.height);
  const object = filled * Math.sqrt(window.width * window.height);
  return sizes
    .map((size) => levelAt(picture, window, object / (size * longer)))
    .filter(({ width, height }) => width >= window.width && height >= window.height);
}

/** The level of a scale. */
export function levelAt({ width, height }: PictureSize, window: PictureSize, scale: number): Level {
  const [borderX, borderY] = [window.width, window.height].map((side) => Math.round(side * BORDER_SHARE));
  return {
    scale,
    width: Math.max(1, Math.round(width * scale)) + 2 * borderX,
    height: Math.max(1, Math.round(height * scale)) + 2 * borderY,
    borderX,
    borderY,
  };
}

/** A level drawn: `[1, 3, height, width]` bytes. */
export function drawLevel(pyramid: PicturePyramid, level: Level): Tensor {
  const { scale, width, height, borderX, borderY } = level;
  const data = new Uint8Array(3 * width * height).fill(letterboxFill);
  const toLevel = [scale, 0, borderX, 0, scale, borderY] as const;
  drawPicture({ width, height, data }, pyramid, toLevel, [0, 0, pyramid.width, pyramid.height], sameColours);
  return { dtype: "uint8", shape: [1, 3, height, width], data };
}

/** The window at a place of a level, in pixels of the picture. */
export function windowAt(left: number, top: number, window: PictureSize, level: Level): Xyxy {
  const { scale, borderX, borderY } = level;
  const toX = (x: number) => (x - borderX) / scale;
  const toY = (y: number) => (y - borderY) / scale;
  return [toX(left), toY(top), toX(left + window.width), toY(top + window.height)];
}

/** The part of a window that its object takes up: about the same centre, `filled` times as large. */
export function objectIn([x1, y1, x2, y2]: Xyxy, filled: number): Xyxy {
  const [restX, restY] = [((x2 - x1) * (1 - filled)) / 2, ((y2 - y1) * (1 - filled)) / 2];
  return [x1 + restX, y1 + restY, x2 - restX, y2 - restY];
}
