import type { Problem, SplitName } from "../dataset.ts";
import type { ReadArrays, SequenceLayout } from "./dataset.ts";

/** A sequence as it was read. */
export interface FoundSeries {
  /** Unique in the data set. */
  id: string;
  label: string;
  split?: SplitName;
  /** Where it stands, for problems: a file, or `file:line`. */
  file: string;
  /** Each channel's values; channels may end at different times. */
  channels: readonly Float32Array[];
}

/**
 * Sequences of equal channels in one piece of shared memory, `[channels, length]` each, as long as the longest.
 * A channel that ends earlier goes on with its last value, and its sequence becomes a problem `example-padded`.
 *
 * @param found at least one, all with the same number of channels
 */
export function packSeries(
  found: readonly FoundSeries[],
  problems: Problem[],
  layout: SequenceLayout,
): ReadArrays {
  const channelCount = found[0].channels.length;
  const length = found.reduce((most, { channels }) => channels.reduce(longer, most), 0);
  const size = channelCount * length;
  const all = new Float32Array(new SharedArrayBuffer(found.length * size * Float32Array.BYTES_PER_ELEMENT));
  const examples = found.map(({ id, label, split, file, channels }, i) => {
    const values = padChannels(channels, length, all.subarray(i * size, (i + 1) * size));
    const shortest = channels.reduce((least, channel) => Math.min(least, channel.length), length);
    if (shortest < length) {
      const detail = `The sequence has ${shortest} of ${length} time steps: its last value is repeated.`;
      problems.push({ kind: "example-padded", file, detail });
    }
    return { id, label, values, ...(split && { split }) };
  });
  return { kind: "sequences", layout, shape: [channelCount, length], examples, problems };
}

/**
 * Channels one after the other, `length` values each: one that ends earlier goes on with its last value. What is
 * classified is filled up by the same function as what was trained with.
 *
 * @param channels each of 1 … `length` values
 */
export function padChannels(
  channels: readonly Float32Array[],
  length: number,
  into: Float32Array = new Float32Array(channels.length * length),
): Float32Array {
  for (const [c, channel] of channels.entries()) {
    into.set(channel, c * length);
    into.fill(channel[channel.length - 1], c * length + channel.length, (c + 1) * length);
  }
  return into;
}

function longer(length: number, channel: Float32Array): number {
  return Math.max(length, channel.length);
}
