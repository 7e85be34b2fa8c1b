import type { Planes } from "./colour-spaces.ts";

/** Standard deviations that a kernel reaches. */
const REACH = 4;

/** The centre of a symmetric kernel, and the taps that follow it. */
interface Kernel {
  readonly centre: number;
  readonly half: Float64Array;
}

interface Size {
  readonly width: number;
  readonly height: number;
}

/** The planes smoothed by a Gaussian of `sigma` pixels; borders are continued. A sigma of 0 changes nothing. */
export function smooth(planes: Planes, sigma: number): Planes {
  if (sigma === 0) return planes;
  const kernel = gaussian(sigma);
  return { ...planes, channels: planes.channels.map((plane) => filter(plane, planes, kernel)) };
}

/**
 * Derivatives of a plane smoothed by a Gaussian of `sigma` pixels, to the right and down: central differences, the
 * discrete form of Gaussian derivatives (Lindeberg 1993). Beyond the borders nothing changes.
 */
export function derivatives(plane: Float32Array, size: Size, sigma: number): [Float32Array, Float32Array] {
  const { width, height } = size;
  const kernel = gaussian(sigma);
  const blurred = filter(plane, size, kernel);
  const [right, down] = [new Float32Array(plane.length), new Float32Array(plane.length)];
  for (let y = 0, i = 0; y < height; y++) {
    const [up, below] = [y > 0 ? width : 0, y + 1 < height ? width : 0];
    for (let x = 0; x < width; x++, i++) {
      down[i] = (blurred[i + below] - blurred[i - up]) / 2;
      right[i] = (blurred[x + 1 < width ? i + 1 : i] - blurred[x > 0 ? i - 1 : i]) / 2;
    }
  }
  return [right, down];
}

/** Samples of a Gaussian that sum to 1. */
function gaussian(sigma: number): Kernel {
  const radius = Math.max(1, Math.ceil(REACH * sigma));
  const half = Float64Array.from({ length: radius }, (_, i) => Math.exp(-((i + 1) ** 2) / (2 * sigma ** 2)));
  const sum = 1 + 2 * half.reduce((a, b) => a + b);
  return { centre: 1 / sum, half: half.map((tap) => tap / sum) };
}

/** Correlation with a kernel along the rows, then along the columns. */
function filter(plane: Float32Array, { width, height }: Size, kernel: Kernel): Float32Array {
  const sums = new Float64Array(width);
  const rows = new Float32Array(plane.length);
  const radius = kernel.half.length;
  const padded = new Float32Array(width + 2 * radius);
  for (let start = 0; start < plane.length; start += width) {
    padded.fill(plane[start], 0, radius);
    padded.set(plane.subarray(start, start + width), radius);
    padded.fill(plane[start + width - 1], radius + width);
    correlate(sums, padded, kernel, radius, (step) => radius + step);
    rows.set(sums, start);
  }
  const result = new Float32Array(plane.length);
  for (let y = 0; y < height; y++) {
    const rowAt = (step: number) => width * Math.min(height - 1, Math.max(0, y + step));
    correlate(sums, rows, kernel, width * y, rowAt);
    result.set(sums, width * y);
  }
  return result;
}

/** One row of answers: two taps at a time over the whole row, so that memory is read in order and loops are short. */
function correlate(
  sums: Float64Array,
  values: Float32Array,
  { centre, half }: Kernel,
  start: number,
  startOf: (step: number) => number,
): void {
  for (let x = 0; x < sums.length; x++) sums[x] = centre * values[start + x];
  for (let i = 0; i < half.length; i++) {
    const [after, before] = [startOf(i + 1), startOf(-i - 1)];
    const tap = half[i];
    for (let x = 0; x < sums.length; x++) sums[x] += tap * (values[after + x] + values[before + x]);
  }
}
