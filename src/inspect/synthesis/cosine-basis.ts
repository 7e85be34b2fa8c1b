import { type Tensor, tensor } from "../../core/index.ts";

/** Where a picture lies on the canvas that it is made on: its first pixel's place, and pixels of the canvas for each. */
export interface Placement {
  shift: number;
  zoom: number;
}

/**
 * The cosine waves of a canvas of `canvas` pixels, sampled at a picture's `size` pixels: `[size, canvas]`, the waves of
 * rising frequency in the columns (DCT-II, orthonormal). Waves have values between pixels too, so a shift or a zoom by
 * any amount is another sampling of the same picture.
 */
export function cosineBasis(size: number, canvas: number, { shift, zoom }: Placement): Tensor {
  const data = new Float32Array(size * canvas);
  const middle = (size - 1) / 2;
  for (let pixel = 0; pixel < size; pixel++) {
    const place = (canvas - 1) / 2 + shift + (pixel - middle) * zoom;
    for (let k = 0; k < canvas; k++) {
      const amplitude = Math.sqrt((k === 0 ? 1 : 2) / canvas);
      data[pixel * canvas + k] = amplitude * Math.cos((Math.PI * (place + 0.5) * k) / canvas);
    }
  }
  return tensor(data, [size, canvas]);
}

/**
 * The weights of the waves of a canvas, `[rows, columns]`: 1 / frequency, as in photographs, so that large forms come as
 * easily as small ones (Olah et al. 2017, "Feature visualization"); scaled so that coefficients of variance 1 give
 * pixels of variance 1.
 */
export function waveWeights(rows: number, columns: number): Tensor {
  const data = new Float32Array(rows * columns);
  const lowest = 1 / Math.max(rows, columns);
  let sum = 0;
  for (let y = 0; y < rows; y++) {
    for (let x = 0; x < columns; x++) {
      const frequency = Math.max(Math.hypot(y / rows, x / columns), lowest);
      data[y * columns + x] = 1 / frequency;
      sum += 1 / frequency ** 2;
    }
  }
  const scale = Math.sqrt((rows * columns) / sum);
  return tensor(
    data.map((weight) => weight * scale),
    [rows, columns],
  );
}
