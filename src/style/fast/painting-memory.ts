import { totalmem } from "node:os";
import { FoveaError } from "../../core/index.ts";
import type { PictureSize } from "../../image/index.ts";

/** Bytes that a pass holds for each pixel: of each channel at full resolution, as measured, and of planes around it. */
const BYTES_PER_CHANNEL = 25;
const BYTES_OF_PLANES = 60;

/**
 * Refuses a picture that no pass of a net could paint here: all of its maps are needed at once, since its norms are
 * those of the whole picture.
 *
 * @param channels of the net at full resolution
 * @param bytes the memory that there is; default: the machine's, or as much of it as the process may have
 * @throws FoveaError `picture-too-large`
 */
export function requireMemory(
  { width, height }: PictureSize,
  channels: number,
  bytes: number = memory(),
): void {
  const needed = width * height * (channels * BYTES_PER_CHANNEL + BYTES_OF_PLANES);
  if (needed <= bytes) return;
  throw new FoveaError(
    "picture-too-large",
    `Painting ${width}×${height} pixels at once takes about ${gigabytes(needed)} GB of memory, and there are ${gigabytes(bytes)} GB; choose a smaller size.`,
  );
}

function memory(): number {
  return Math.min(totalmem(), process.constrainedMemory() || Number.POSITIVE_INFINITY);
}

function gigabytes(bytes: number): string {
  return (bytes / 1e9).toFixed(bytes < 1e10 ? 1 : 0);
}
