import type { Picture } from "./picture.ts";

/** Copies a picture's pixels into `ground`, inside which it must lie. */
export function paste(picture: Picture, ground: Picture, left: number, top: number): void {
  for (let y = 0; y < picture.height; y++) {
    const row = picture.data.subarray(y * picture.width * 3, (y + 1) * picture.width * 3);
    ground.data.set(row, ((top + y) * ground.width + left) * 3);
  }
}
