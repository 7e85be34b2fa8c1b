import { FoveaError, type Random } from "../../core/index.ts";
import { requireLength } from "./require-length.ts";
import { sampleVolume } from "./sample-volume.ts";
import { standardDeviation } from "./standard-deviation.ts";
import { resolveVolumeAugment, type VolumeAugmentOptions } from "./volume-options.ts";
import { drawVolumePlacement, transformToSource, type VolumeSize } from "./volume-placement.ts";

export type { VolumeAugmentOptions } from "./volume-options.ts";

/**
 * Writes a variation of one volume `[channels, depth, height, width]` to `out`, of the same shape and other
 * memory: placed anew (trilinear interpolation, `fill` outside), then with noise, then with voxels dropped.
 * Every variation comes from `random`: the same state gives the same bytes. Throws `augment-invalid` on an
 * option out of its range, `shape-mismatch` if `source` or `out` has another number of values.
 */
export function augmentVolume(
  random: Random,
  source: ArrayLike<number>,
  channels: number,
  size: VolumeSize,
  out: Float32Array,
  options: VolumeAugmentOptions,
): void {
  const augment = resolveVolumeAugment(options);
  requireLength("augmentVolume", "source", source, [channels, ...size]);
  requireLength("augmentVolume", "out", out, [channels, ...size]);
  const fill = fillOf(channels, augment.fill);
  const placement = drawVolumePlacement(random, size, augment);
  if (placement === null) for (let i = 0; i < out.length; i++) out[i] = source[i];
  else sampleVolume(source, channels, size, transformToSource(size, placement), out, fill);
  if (augment.noise > 0) {
    const voxels = out.length / channels;
    for (let start = 0; start < out.length; start += voxels) {
      const deviation = augment.noise * standardDeviation(source, start, start + voxels);
      addNoise(random, out, start, start + voxels, deviation);
    }
  }
  if (augment.dropout > 0) drop(random, out, fill, random.uniform(0, augment.dropout));
}

/** What is empty in each channel; throws `augment-invalid` where it is given for another number of them. */
function fillOf(channels: number, fill: number | readonly number[]): readonly number[] {
  if (typeof fill === "number") return new Array<number>(channels).fill(fill);
  if (fill.length === channels) return fill;
  throw new FoveaError(
    "augment-invalid",
    `Augmentation: \`fill\` (=[${fill}]) must be one number, or one for each of the ${channels} channels.`,
  );
}

/** Draws of the noise, of which every voxel gets one. */
const noiseDraws = 4096;

function addNoise(random: Random, out: Float32Array, start: number, end: number, deviation: number): void {
  const noise = Float32Array.from({ length: noiseDraws }, () => random.normal(0, deviation));
  let state = random.integer(2 ** 31);
  for (let i = start; i < end; i++) {
    state = nextState(state);
    out[i] += noise[state >>> 20];
  }
}

/** Empties the given share of the voxels, the same ones in all channels. */
function drop(random: Random, out: Float32Array, fill: readonly number[], share: number): void {
  const threshold = share * 2 ** 32;
  const voxels = out.length / fill.length;
  let state = random.integer(2 ** 31);
  for (let voxel = 0; voxel < voxels; voxel++) {
    state = nextState(state);
    if (state >>> 0 >= threshold) continue;
    for (let c = 0; c < fill.length; c++) out[c * voxels + voxel] = fill[c];
  }
}

/** A linear congruential generator (Numerical Recipes' constants): fast, its upper bits random enough. */
function nextState(state: number): number {
  return (Math.imul(state, 1664525) + 1013904223) | 0;
}
