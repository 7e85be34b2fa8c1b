import type { Planes } from "./planes.ts";

/** A colour's deviation changes by at most this factor, lest a grey sky become noise. */
const STRONGEST = 2;

/**
 * A picture with the mean and deviation of each colour that `model` has: its palette by the simplest means (Reinhard et
 * al. 2001), which makes no colour where none was.
 */
export function matchColors(picture: Planes, model: Planes): Planes {
  const data = new Float32Array(picture.data.length);
  const size = picture.width * picture.height;
  for (let c = 0; c < 3; c++) {
    const own = moments(picture, c);
    const wanted = moments(model, c);
    const ratio = Math.min(STRONGEST, Math.max(1 / STRONGEST, wanted.deviation / (own.deviation || 1)));
    for (let i = c * size; i < (c + 1) * size; i++) {
      const value = (picture.data[i] - own.mean) * ratio + wanted.mean;
      data[i] = Math.min(1, Math.max(0, value));
    }
  }
  return { ...picture, data };
}

function moments({ width, height, data }: Planes, channel: number): { mean: number; deviation: number } {
  const size = width * height;
  let [sum, squares] = [0, 0];
  for (let i = channel * size; i < (channel + 1) * size; i++) {
    sum += data[i];
    squares += data[i] * data[i];
  }
  const mean = sum / size;
  return { mean, deviation: Math.sqrt(Math.max(0, squares / size - mean * mean)) };
}
