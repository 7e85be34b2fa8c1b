import type { Picture } from "../../image/index.ts";
import type { Segmentation } from "./segment.ts";

/** How bright the borders between blobs are, compared with the blobs. */
const BORDER_LIGHT = 0.45;

/** The picture with each segment in its mean colour, and darker borders; the segmentation is stretched over it. */
export function drawBlobs(picture: Picture, { width, height, count, labels }: Segmentation): Picture {
  const columns = Int32Array.from({ length: picture.width }, (_, x) =>
    Math.floor((x * width) / picture.width),
  );
  const labelAt = (x: number, y: number) =>
    labels[Math.floor((y * height) / picture.height) * width + columns[x]];
  const sums = new Float64Array(4 * count); // red, green, blue, pixels
  eachPixel(picture, (x, y, byte) => {
    const at = 4 * labelAt(x, y);
    for (let channel = 0; channel < 3; channel++) sums[at + channel] += picture.data[byte + channel];
    sums[at + 3]++;
  });
  const data = new Uint8Array(picture.data.length);
  eachPixel(picture, (x, y, byte) => {
    const label = labelAt(x, y);
    const beside = x > 0 && labelAt(x - 1, y) !== label;
    const border = beside || (y > 0 && labelAt(x, y - 1) !== label);
    const light = (border ? BORDER_LIGHT : 1) / sums[4 * label + 3];
    for (let channel = 0; channel < 3; channel++) data[byte + channel] = sums[4 * label + channel] * light;
  });
  return { width: picture.width, height: picture.height, data };
}

function eachPixel({ width, height }: Picture, visit: (x: number, y: number, byte: number) => void): void {
  for (let y = 0, byte = 0; y < height; y++) {
    for (let x = 0; x < width; x++, byte += 3) visit(x, y, byte);
  }
}
