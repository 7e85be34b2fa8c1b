import type { Picture } from "./picture.ts";

/**
 * A picture enlarged by cubic convolution (Keys 1981, a = −½), the border pixels repeated outwards. Pixels
 * are squares whose centres lie at half coordinates, so the content stays where boxes say it is; libvips
 * shifts it by half a pixel when it enlarges, which is why this does not go through sharp.
 *
 * @param width at least the picture's
 * @param height at least the picture's
 */
export function enlarge(picture: Picture, width: number, height: number): Picture {
  const { data } = picture;
  const { places, weights } = cubicTaps(picture.width, width);
  const rows = cubicTaps(picture.height, height);
  const stride = width * 3;

  const wide = new Float32Array(picture.height * stride);
  for (let y = 0; y < picture.height; y++) {
    const start = y * picture.width * 3;
    for (let x = 0; x < width; x++) {
      const tap = x * TAPS;
      const p0 = start + places[tap] * 3;
      const p1 = start + places[tap + 1] * 3;
      const p2 = start + places[tap + 2] * 3;
      const p3 = start + places[tap + 3] * 3;
      const out = y * stride + x * 3;
      for (let c = 0; c < 3; c++) {
        wide[out + c] =
          weights[tap] * data[p0 + c] +
          weights[tap + 1] * data[p1 + c] +
          weights[tap + 2] * data[p2 + c] +
          weights[tap + 3] * data[p3 + c];
      }
    }
  }

  const enlarged = new Uint8ClampedArray(height * stride); // rounds, and clamps the overshoot
  for (let y = 0; y < height; y++) {
    const tap = y * TAPS;
    const [p0, p1, p2, p3] = rows.places.subarray(tap, tap + TAPS).map((row) => row * stride);
    const [w0, w1, w2, w3] = rows.weights.subarray(tap, tap + TAPS);
    const out = y * stride;
    for (let i = 0; i < stride; i++) {
      enlarged[out + i] = w0 * wide[p0 + i] + w1 * wide[p1 + i] + w2 * wide[p2 + i] + w3 * wide[p3 + i];
    }
  }
  return { width, height, data: new Uint8Array(enlarged.buffer) };
}

const TAPS = 4;

/** For each of `to` samples the places and weights of the four of `from` samples that it is made of. */
function cubicTaps(from: number, to: number): { places: Int32Array; weights: Float32Array } {
  const places = new Int32Array(to * TAPS);
  const weights = new Float32Array(to * TAPS);
  for (let i = 0; i < to; i++) {
    const centre = ((i + 0.5) * from) / to - 0.5;
    const first = Math.floor(centre) - 1;
    for (let k = 0; k < TAPS; k++) {
      places[i * TAPS + k] = Math.max(0, Math.min(from - 1, first + k));
      weights[i * TAPS + k] = keysKernel(Math.abs(centre - first - k));
    }
  }
  return { places, weights };
}

/** Keys' kernel at a distance of 0 to 2 samples. */
function keysKernel(distance: number): number {
  if (distance < 1) return (1.5 * distance - 2.5) * distance * distance + 1;
  if (distance < 2) return ((-0.5 * distance + 2.5) * distance - 4) * distance + 2;
  return 0;
}
