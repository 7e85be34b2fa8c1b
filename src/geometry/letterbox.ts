import { FoveaError } from "../core/index.ts";
import type { Xyxy } from "./box.ts";

/**
 * How a picture is fitted into a target of fixed size: resized with its aspect ratio kept (to whole
 * pixels), centred, the rest padded.
 */
export interface Letterbox {
  /** Size of the original picture. */
  readonly width: number;
  readonly height: number;
  /** The common factor before rounding to whole pixels: min(targetWidth / width, targetHeight / height). */
  readonly scale: number;
  /** Size of the resized picture inside the target, whole pixels ≥ 1. */
  readonly newWidth: number;
  readonly newHeight: number;
  /** Padding left of and above the resized picture, whole pixels; the odd pixel goes right or below. */
  readonly padX: number;
  readonly padY: number;
}

/**
 * Fits a picture of `width` × `height` into `targetWidth` × `targetHeight`, all in whole pixels ≥ 1.
 *
 * @throws FoveaError `letterbox-size`
 */
export function letterbox(
  width: number,
  height: number,
  targetWidth: number,
  targetHeight: number,
): Letterbox {
  for (const [name, size] of Object.entries({ width, height, targetWidth, targetHeight })) {
    if (Number.isInteger(size) && size >= 1) continue;
    throw new FoveaError("letterbox-size", `letterbox: \`${name}\` (=${size}) must be a whole number ≥ 1.`);
  }
  const scale = Math.min(targetWidth / width, targetHeight / height);
  const newWidth = Math.min(targetWidth, Math.max(1, Math.round(width * scale)));
  const newHeight = Math.min(targetHeight, Math.max(1, Math.round(height * scale)));
  return {
    width,
    height,
    scale,
    newWidth,
    newHeight,
    padX: Math.floor((targetWidth - newWidth) / 2),
    padY: Math.floor((targetHeight - newHeight) / 2),
  };
}

/** A box of the original picture, in pixels of the target. */
export function boxToLetterbox([x1, y1, x2, y2]: Xyxy, fit: Letterbox): Xyxy {
  const toX = (x: number) => (x * fit.newWidth) / fit.width + fit.padX;
  const toY = (y: number) => (y * fit.newHeight) / fit.height + fit.padY;
  return [toX(x1), toY(y1), toX(x2), toY(y2)];
}

/** A box of the target, in pixels of the original picture; not clipped. */
export function boxFromLetterbox([x1, y1, x2, y2]: Xyxy, fit: Letterbox): Xyxy {
  const fromX = (x: number) => ((x - fit.padX) * fit.width) / fit.newWidth;
  const fromY = (y: number) => ((y - fit.padY) * fit.height) / fit.newHeight;
  return [fromX(x1), fromY(y1), fromX(x2), fromY(y2)];
}
