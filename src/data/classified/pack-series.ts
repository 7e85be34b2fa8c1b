import type { Problem, SplitName } from "../dataset.ts";
import type { ReadArrays } from "./dataset.ts";

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
export function packSeries(found: readonly FoundSeries[], problems: Problem[]): ReadArrays {
  const channelCount = found[0].channels.length;
  const length = found.reduce((most, { channels }) => channels.reduce(longer, most), 0);
  const size = channelCount * length;
  const all = new Float32Array(new SharedArrayBuffer(found.length * size * Float32Array.BYTES_PER_ELEMENT));
  const examples = found.map(({ id, label, split, file, channels }, i) => {
    const values = all.subarray(i * size, (i + 1) * size);
    let shortest = length;
    for (const [c, channel] of channels.entries()) {
      values.set(channel, c * length);
      values.fill(channel.at(-1)!, c * length + channel.length, (c + 1) * length);
      shortest = Math.min(shortest, channel.length);
    }
    if (shortest < length) {
      const detail = `The sequence has ${shortest} of ${length} time steps: its last value is repeated.`;
      problems.push({ kind: "example-padded", file, detail });
    }
    return { id, label, values, ...(split && { split }) };
  });
  return { kind: "sequences", shape: [channelCount, length], examples, problems };
}

function longer(length: number, channel: Float32Array): number {
  return Math.max(length, channel.length);
}
