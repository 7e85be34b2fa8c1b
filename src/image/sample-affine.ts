import type { Picture } from "./picture.ts";
import { requirePicture } from "./require-picture.ts";

/**
 * Draws what a map puts under each pixel: bilinear between pixel centres, the mean of several samples where the picture is
 * shrunk, black outside.
 *
 * @param toPicture `x′ = a·x + b·y + tx`, `y′ = c·x + d·y + ty` from the drawing's pixels to the picture's
 * @param into `[3, height, width]`, 0…255
 * @throws `picture-size`
 */
export function sampleAffine(
  picture: Picture,
  [a, b, tx, c, d, ty]: readonly [number, number, number, number, number, number],
  { width, height }: { width: number; height: number },
  into: Float32Array,
): void {
  requirePicture(picture);
  const plane = width * height;
  const samples = Math.max(1, Math.ceil(Math.sqrt(Math.abs(a * d - b * c)) - 0.25));
  const colour = new Float64Array(3);
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      colour.fill(0);
      for (let i = 0; i < samples; i++) {
        const y = row + (i + 0.5) / samples;
        for (let j = 0; j < samples; j++) {
          const x = column + (j + 0.5) / samples;
          addSample(picture, a * x + b * y + tx, c * x + d * y + ty, colour);
        }
      }
      const at = row * width + column;
      for (let channel = 0; channel < 3; channel++)
        into[channel * plane + at] = colour[channel] / (samples * samples);
    }
  }
}

/** Adds the colour at a place, pixel centres lying at halves. */
function addSample({ width, height, data }: Picture, x: number, y: number, colour: Float64Array): void {
  const [left, top] = [Math.floor(x - 0.5), Math.floor(y - 0.5)];
  const [shareX, shareY] = [x - 0.5 - left, y - 0.5 - top];
  for (let i = 0; i < 2; i++) {
    const row = top + i;
    if (row < 0 || row >= height) continue;
    const weightY = i === 0 ? 1 - shareY : shareY;
    for (let j = 0; j < 2; j++) {
      const column = left + j;
      if (column < 0 || column >= width) continue;
      const weight = weightY * (j === 0 ? 1 - shareX : shareX);
      const at = (row * width + column) * 3;
      for (let channel = 0; channel < 3; channel++) colour[channel] += weight * data[at + channel];
    }
  }
}
