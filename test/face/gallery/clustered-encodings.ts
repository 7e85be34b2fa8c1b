import { Random } from "../../../src/core/index.ts";

/**
 * Encodings like those of the ready encoder: a mean that all faces share and around it, in a space that has few wide
 * directions and many narrow ones, people, and around each of them his pictures. Lengths are about 1.45, distances
 * about .4 within a person and .9 between strangers.
 */
export class ClusteredEncodings {
  readonly #random: Random;
  readonly #deviations: number[];
  readonly #mean: number[];

  constructor(seed: number, size = 128) {
    this.#random = new Random(seed);
    const spectrum = Array.from({ length: size }, (_, k) => 1 / (1 + k / 10));
    const sum = spectrum.reduce((a, b) => a + b);
    this.#deviations = spectrum.map((share) => Math.sqrt(share / sum));
    const direction = this.#deviations.map(() => this.#random.normal());
    this.#mean = direction.map((part) => (1.3 * part) / Math.hypot(...direction));
  }

  /** Somebody; each call of what is returned is another picture. */
  person(): () => Float32Array {
    const centre = this.#around(this.#mean, 0.325);
    return () => Float32Array.from(this.#around(centre, 0.08));
  }

  #around(centre: readonly number[], variance: number): number[] {
    const deviation = Math.sqrt(variance);
    return centre.map((part, k) => part + deviation * this.#deviations[k] * this.#random.normal());
  }
}
