import { Random } from "../../../src/core/index.ts";
import type { Xyxy } from "../../../src/geometry/index.ts";
import type { Picture } from "../../../src/image/index.ts";

type Colour = readonly [red: number, green: number, blue: number];

/** A picture of one colour with a rectangle (whole pixels) of another. */
export function rectanglePicture(
  width: number,
  height: number,
  ground: Colour,
  [x1, y1, x2, y2]: Xyxy,
  colour: Colour,
): Picture {
  const data = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const inside = x >= x1 && x < x2 && y >= y1 && y < y2;
      data.set(inside ? colour : ground, (y * width + x) * 3);
    }
  }
  return { width, height, data };
}

/** Every byte drawn by itself. */
export function noisePicture(width: number, height: number, seed: number): Picture {
  const random = new Random(seed);
  return { width, height, data: Uint8Array.from({ length: width * height * 3 }, () => random.integer(256)) };
}
