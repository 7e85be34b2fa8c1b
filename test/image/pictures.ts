import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll } from "vitest";
import type { Picture } from "../../src/image/index.ts";

/** A picture from a function of its pixels' places. */
export function makePicture(
  width: number,
  height: number,
  color: (x: number, y: number) => readonly number[],
): Picture {
  const data = new Uint8Array(width * height * 3);
  for (let i = 0; i < width * height; i++) data.set(color(i % width, Math.floor(i / width)), i * 3);
  return { width, height, data };
}

/** The three channels of one pixel. */
export function pixel(picture: Picture, x: number, y: number): number[] {
  const start = (y * picture.width + x) * 3;
  return [...picture.data.subarray(start, start + 3)];
}

/** The largest difference between two pictures of one size, over a rectangle `[x1, y1, x2, y2]` of them. */
export function largestDifference(a: Picture, b: Picture, [x1, y1, x2, y2]: readonly number[]): number {
  let largest = 0;
  for (let y = y1; y < y2; y++) {
    for (let x = x1; x < x2; x++) {
      const other = pixel(b, x, y);
      pixel(a, x, y).forEach((value, c) => {
        largest = Math.max(largest, Math.abs(value - other[c]));
      });
    }
  }
  return largest;
}

/** A folder of its own for a test file, removed after its tests; call the result inside tests only. */
export function temporaryFolder(): () => string {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "fovea-image-"));
  });
  afterAll(() => rm(folder, { recursive: true }));
  return () => folder;
}
