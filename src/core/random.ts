import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";

/**
 * Seeded random numbers. A stream is named by a list of numbers, usually integers (seed, epoch, index, …), so that any draw
 * of a training run can be made again without replaying the ones before it: resuming needs no saved state.
 */
export class Random {
  readonly #generator: ReturnType<typeof xoroshiro128plus>;

  constructor(...stream: number[]) {
    this.#generator = xoroshiro128plus(mix(stream));
  }

  /** A 32-bit signed integer. */
  #next(): number {
    return this.#generator.next();
  }

  /** A number in [0, 1). */
  next(): number {
    return (this.#next() >>> 0) / 4294967296;
  }

  /** A number in [low, high). */
  uniform(low: number, high: number): number {
    return low + (high - low) * this.next();
  }

  /** An integer in [0, count). */
  integer(count: number): number {
    return Math.floor(this.next() * count);
  }

  /** True with the given probability. */
  chance(probability: number): boolean {
    return this.next() < probability;
  }

  /** A normally distributed number (Box & Muller 1958). */
  normal(mean = 0, deviation = 1): number {
    const radius = Math.sqrt(-2 * Math.log(1 - this.next()));
    return mean + deviation * radius * Math.cos(2 * Math.PI * this.next());
  }

  /** One of the items. */
  pick<T>(items: readonly T[]): T {
    return items[this.integer(items.length)];
  }

  /** The items in random order, as a new array (Fisher & Yates). */
  shuffle<T>(items: readonly T[]): T[] {
    const result = [...items];
    for (let i = result.length - 1; i > 0; i--) {
      const j = this.integer(i + 1);
      [result[i], result[j]] = [result[j], result[i]];
    }
    return result;
  }
}

/** Hashes a list of numbers to one 32-bit seed (the finaliser of MurmurHash3 after each word). */
function mix(stream: readonly number[]): number {
  let hash = 0x9e3779b9 ^ stream.length;
  for (const word of stream.flatMap(wordsOf)) {
    hash = Math.imul(hash ^ word, 0x85ebca6b);
    hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
    hash ^= hash >>> 16;
  }
  return hash | 0;
}

/** A number as 32-bit words: an integer that fits as one, any other by its bits as two. */
function wordsOf(number: number): number[] {
  if (Number.isInteger(number) && number >= -(2 ** 31) && number < 2 ** 32) return [number | 0];
  return [...new Int32Array(Float64Array.of(number).buffer)];
}
