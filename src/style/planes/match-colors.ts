import type { Planes } from "./planes.ts";

/** A colour's deviation changes by at most this factor, lest a grey sky become noise. */
const STRONGEST = 2;

/**
 * A picture with the mean and deviation of each colour that `model` has: its palette by the simplest means (Reinhard et
 * al. 2001), which makes no colour where none was.
 *
 * @param where how much each of the picture's pixels counts in its own mean and deviation, `[height, width]`, ≥ 0;
 *   default: all alike
 */
export function matchColors(picture: Planes, model: Planes, where?: Float32Array): Planes {
  const data = new Float32Array(picture.data.length);
  const size = picture.width * picture.height;
  for (let c = 0; c < 3; c++) {
    const own = moments(picture, c, where);
    const wanted = moments(model, c);
    const ratio = Math.min(STRONGEST, Math.max(1 / STRONGEST, wanted.deviation / (own.deviation || 1)));
    for (let i = c * size; i < (c + 1) * size; i++) {
      const value = (picture.data[i] - own.mean) * ratio + wanted.mean;
      data[i] = Math.min(1, Math.max(0, value));
    }
  }
  return { ...picture, data };
}

function moments(
  { width, height, data }: Planes,
  channel: number,
  where?: Float32Array,
): { mean: number; deviation: number } {
  const size = width * height;
  let [total, sum, squares] = [0, 0, 0];
  for (let i = 0; i < size; i++) {
    const counts = where ? where[i] : 1;
    const value = data[channel * size + i];
    total += counts;
    sum += counts * value;
    squares += counts * value * value;
  }
  if (total === 0) return { mean: 0, deviation: 0 };
  const mean = sum / total;
  return { mean, deviation: Math.sqrt(Math.max(0, squares / total - mean * mean)) };
}
