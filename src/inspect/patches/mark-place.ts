import type { Picture } from "../../image/index.ts";
import type { Layer } from "../layers/index.ts";
import type { PixelBox, View } from "../net/index.ts";
import type { Patch } from "./top-patches.ts";

/** Share of the picture from which on a patch no longer tells where the unit answered. */
const MOST_OF_IT = 0.5;

/** Whether a patch is so large that the place in it must be marked. */
export function showsPlace({ width, height }: Layer, box: PixelBox, { content }: View): boolean {
  return width * height > 1 && areaOf(box) >= MOST_OF_IT * areaOf(content);
}

function areaOf([left, top, right, bottom]: PixelBox): number {
  return (right - left) * (bottom - top);
}

/** A frame, white on black, around the place of the map where the unit answered. */
export function markPlace(
  seen: Picture,
  { width, height }: Layer,
  { place }: Patch,
  [left, top]: PixelBox,
  { pixels }: View,
): Picture {
  const [stepX, stepY] = [pixels.width / width, pixels.height / height];
  const line = Math.max(1, Math.round(Math.max(seen.width, seen.height) / 72));
  const half = Math.max(stepX, stepY, 6 * line) / 2;
  const x = ((place % width) + 0.5) * stepX - left;
  const y = (Math.floor(place / width) + 0.5) * stepY - top;
  const data = Uint8Array.from(seen.data);
  for (let py = 0; py < seen.height; py++) {
    for (let px = 0; px < seen.width; px++) {
      const distance = Math.max(Math.abs(px + 0.5 - x), Math.abs(py + 0.5 - y)) - half;
      if (distance < 0 || distance >= 2 * line) continue;
      data.fill(distance < line ? 255 : 0, 3 * (py * seen.width + px), 3 * (py * seen.width + px) + 3);
    }
  }
  return { width: seen.width, height: seen.height, data };
}
