import type { Picture } from "../../src/image/index.ts";

/** The picture seen in a mirror. */
export function mirrored({ width, height, data }: Picture): Picture {
  const turned = new Uint8Array(data.length);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const from = (y * width + x) * 3;
      turned.set(data.subarray(from, from + 3), (y * width + (width - 1 - x)) * 3);
    }
  }
  return { width, height, data: turned };
}
