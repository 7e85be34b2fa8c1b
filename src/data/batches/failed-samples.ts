import { FoveaError, Random } from "../../core/index.ts";
import type { Problem } from "../dataset.ts";

/** A sample that could not be used. */
export interface FailedSample {
  index: number;
  problem: Problem;
}

/** Loads samples, each with another in its place when it fails, the same one in every run. */
export class SubstitutingLoader<Sample> {
  readonly #count: number;
  readonly #seed: number;
  readonly #load: (index: number) => Promise<Sample>;
  readonly #problemOf: (index: number, error: FoveaError) => Problem;
  readonly #failed = new Map<number, FailedSample>();

  constructor(options: {
    count: number;
    seed: number;
    load: (index: number) => Promise<Sample>;
    problemOf: (index: number, error: FoveaError) => Problem;
  }) {
    this.#count = options.count;
    this.#seed = options.seed;
    this.#load = options.load;
    this.#problemOf = options.problemOf;
  }

  /** The sample, or its substitute. Rejects with `pictures-unreadable` when no sample of the set can be read. */
  async load(index: number): Promise<Sample> {
    for (const candidate of this.#candidates(index)) {
      try {
        return await this.#load(candidate);
      } catch (error) {
        if (!(error instanceof FoveaError)) throw error;
        this.#failed.set(candidate, { index: candidate, problem: this.#problemOf(candidate, error) });
      }
    }
    const { file } = this.#failed.get(index)!.problem;
    throw new FoveaError(
      "pictures-unreadable",
      `None of the ${this.#count} pictures to train with can be read, for example \`${file}\`.`,
    );
  }

  /** The samples that failed so far. */
  get failed(): FailedSample[] {
    return [...this.#failed.values()];
  }

  /** The sample itself, then all from a place drawn for it. */
  *#candidates(index: number): Generator<number> {
    yield index;
    const start = new Random(this.#seed, index).integer(this.#count);
    for (let i = 0; i < this.#count; i++) yield (start + i) % this.#count;
  }
}

const kinds: Partial<Record<string, Problem["kind"]>> = {
  "picture-missing": "picture-missing",
  "picture-changed": "size-mismatch",
};

/** A picture's error as a problem of its data set. */
export function pictureProblem(file: string, { code, message }: FoveaError): Problem {
  return { kind: kinds[code] ?? "picture-unreadable", file, detail: message };
}
