import type { VolumeSize, VolumeTransform } from "./volume-placement.ts";

/**
 * Reads a volume `[channels, depth, height, width]` where `toSource` says, interpolated trilinearly, and writes
 * it to `out` (same shape, other memory). The source is surrounded by what is empty.
 *
 * @param fill what is empty in each channel
 */
export function sampleVolume(
  source: ArrayLike<number>,
  channels: number,
  size: VolumeSize,
  toSource: VolumeTransform,
  out: Float32Array,
  fill: readonly number[] = new Array<number>(channels).fill(0),
): void {
  const voxels = size[0] * size[1] * size[2];
  // A margin of one empty voxel makes every read lie within the array.
  const padded = new Float32Array((size[0] + 2) * (size[1] + 2) * (size[2] + 2));
  for (let channel = 0; channel < channels; channel++) {
    padded.fill(fill[channel]);
    pad(source, channel * voxels, size, padded);
    samplePadded(
      padded,
      size,
      toSource,
      out.subarray(channel * voxels, (channel + 1) * voxels),
      fill[channel],
    );
  }
}

/** Copies a channel into a volume that is one voxel larger on every side. */
function pad(
  source: ArrayLike<number>,
  start: number,
  [depth, height, width]: VolumeSize,
  padded: Float32Array,
): void {
  let from = start;
  for (let z = 0; z < depth; z++) {
    for (let y = 0; y < height; y++) {
      const row = ((z + 1) * (height + 2) + y + 1) * (width + 2) + 1;
      for (let x = 0; x < width; x++) padded[row + x] = source[from++];
    }
  }
}

function samplePadded(
  padded: Float32Array,
  [depth, height, width]: VolumeSize,
  toSource: VolumeTransform,
  out: Float32Array,
  empty: number,
): void {
  const line = width + 2;
  const plane = line * (height + 2);
  const [zz, zy, zx, z1, yz, yy, yx, y1, xz, xy, xx, x1] = toSource;
  for (let row = 0; row < depth * height; row++) {
    const to = row * width;
    const [down, along] = [Math.floor(row / height), row % height];
    // Where the row's first voxel lies in the padded volume; a step along the row adds (zx, yx, xx).
    const z0 = zz * down + zy * along + z1 + 1;
    const y0 = yz * down + yy * along + y1 + 1;
    const x0 = xz * down + xy * along + x1 + 1;
    const begin = Math.max(
      firstWithin(z0, zx, depth + 1, width),
      firstWithin(y0, yx, height + 1, width),
      firstWithin(x0, xx, width + 1, width),
    );
    const end = Math.min(
      endWithin(z0, zx, depth + 1, width),
      endWithin(y0, yx, height + 1, width),
      endWithin(x0, xx, width + 1, width),
    );
    if (begin >= end) {
      out.fill(empty, to, to + width);
      continue;
    }
    out.fill(empty, to, to + begin);
    out.fill(empty, to + end, to + width);
    for (let i = begin; i < end; i++) {
      const z = z0 + i * zx;
      const y = y0 + i * yx;
      const x = x0 + i * xx;
      // Not negative, so that cutting off the fraction is the floor.
      const iz = z | 0;
      const iy = y | 0;
      const ix = x | 0;
      const fx = x - ix;
      const near = iz * plane + iy * line + ix;
      const far = near + plane;
      const a = padded[near] + fx * (padded[near + 1] - padded[near]);
      const b = padded[near + line] + fx * (padded[near + line + 1] - padded[near + line]);
      const c = padded[far] + fx * (padded[far + 1] - padded[far]);
      const d = padded[far + line] + fx * (padded[far + line + 1] - padded[far + line]);
      const front = a + (y - iy) * (b - a);
      const back = c + (y - iy) * (d - c);
      out[to + i] = front + (z - iz) * (back - front);
    }
  }
}

/** The first step 0 ≤ i ≤ count from which 0 ≤ start + i · step < high can hold. */
function firstWithin(start: number, step: number, high: number, count: number): number {
  if (step === 0) return isWithin(start, high) ? 0 : count;
  const guess = Math.floor(((step > 0 ? 0 : high) - start) / step);
  let first = Math.min(Math.max(guess, 0), count);
  while (first < count && !isWithin(start + first * step, high)) first++;
  return first;
}

/** The step after the last of 0 ≤ i < count for which 0 ≤ start + i · step < high holds. */
function endWithin(start: number, step: number, high: number, count: number): number {
  if (step === 0) return isWithin(start, high) ? count : 0;
  const guess = Math.ceil(((step > 0 ? high : 0) - start) / step) + 1;
  let end = Math.min(Math.max(guess, 0), count);
  while (end > 0 && !isWithin(start + (end - 1) * step, high)) end--;
  return end;
}

function isWithin(place: number, high: number): boolean {
  return place >= 0 && place < high;
}
