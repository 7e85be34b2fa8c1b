import { Random } from "../../../src/core/index.ts";
import type { Picture, Rgb } from "../../../src/image/index.ts";

/** A picture from rows of colours. */
export function pictureOf(rows: readonly (readonly Rgb[])[]): Picture {
  return { width: rows[0].length, height: rows.length, data: Uint8Array.from(rows.flat(2)) };
}

/** A grey picture from rows of brightness. */
export function greyOf(rows: readonly (readonly number[])[]): Picture {
  return pictureOf(rows.map((row) => row.map((v): Rgb => [v, v, v])));
}

/** Vertical stripes of the given widths and colours. */
export function stripes(height: number, parts: readonly (readonly [width: number, color: Rgb])[]): Picture {
  const row = parts.flatMap(([width, color]) => Array.from({ length: width }, () => color));
  return pictureOf(Array.from({ length: height }, () => row));
}

/** Noise with a few rectangles of plain colours on it. */
export function busyPicture(width: number, height: number, seed: number): Picture {
  const random = new Random(seed);
  const data = Uint8Array.from({ length: width * height * 3 }, () => 100 + random.integer(40));
  for (let shape = 0; shape < 6; shape++) {
    const color = [random.integer(256), random.integer(256), random.integer(256)];
    const [left, top] = [random.integer(width - 8), random.integer(height - 8)];
    const [right, bottom] = [left + 8 + random.integer(width / 2), top + 8 + random.integer(height / 2)];
    for (let y = top; y < Math.min(height, bottom); y++) {
      for (let x = left; x < Math.min(width, right); x++) data.set(color, 3 * (y * width + x));
    }
  }
  return { width, height, data };
}
