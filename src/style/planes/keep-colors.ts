import type { Planes } from "./planes.ts";

/**
 * The lightness of one picture with the colours of another of the same size: strokes without the palette (Gatys et al.
 * 2017, luminance-only transfer). Luma and colour differences are those of BT.601.
 */
export function withColorsOf(picture: Planes, colors: Planes): Planes {
  const { width, height } = picture;
  const size = width * height;
  const data = new Float32Array(3 * size);
  for (let i = 0; i < size; i++) {
    const shift = luma(picture.data, i, size) - luma(colors.data, i, size);
    // Adding the same to all three keeps the colour differences.
    for (let c = 0; c < 3; c++) data[c * size + i] = colors.data[c * size + i] + shift;
  }
  return { width, height, data };
}

function luma(data: Float32Array, i: number, size: number): number {
  return 0.299 * data[i] + 0.587 * data[size + i] + 0.114 * data[2 * size + i];
}
