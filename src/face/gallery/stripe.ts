import type { Nearest } from "./nearest.ts";

/** Rows that are looked at, or passed over, together. */
export const STRIPE_ROWS = 1024;

/** What the first pass knows of one probe and the rows of a block. */
export interface FirstPass {
  /** `[rows]`, products of the probe's codes with the rows'. */
  products: Int32Array;
  /** `[rows]` */
  scales: Float32Array;
  /** `[rows]`, ‖x̂‖²; infinite for rows that are gone. */
  squares: Float32Array;
  probe: { scale: number; square: number; error: number };
}

/** Measures a row: true distance and key, or nothing for a row that is gone. */
export type Measure = (row: number, nearest: Nearest) => void;

/** Neighbouring rows of a block, and how near they can be to a probe. */
export class Stripe {
  /** No row is nearer. */
  readonly bound: number;
  readonly #pass: FirstPass;
  readonly #start: number;
  readonly #end: number;
  readonly #error: number;
  readonly #measure: Measure;

  /** @param error greatest ‖x − x̂‖ of the rows */
  constructor(pass: FirstPass, [start, end]: readonly [number, number], error: number, measure: Measure) {
    this.#pass = pass;
    this.#start = start;
    this.#end = end;
    this.#error = error + pass.probe.error;
    this.#measure = measure;
    this.bound = Math.sqrt(Math.max(0, pass.probe.square + leastPart(pass, start, end))) - this.#error;
  }

  /** Measures the rows that may be within reach. */
  look(nearest: Nearest): void {
    for (let i = this.#start; i < this.#end; i++) {
      i = nextWithin(this.#pass, i, this.#end, this.#limit(nearest));
      if (i < this.#end) this.#measure(i, nearest);
    }
  }

  /** What ‖x̂‖² − 2 p̂·x̂ may be at most, where x is to lie within reach. */
  #limit({ reach }: Nearest): number {
    return (reach + this.#error) ** 2 - this.#pass.probe.square;
  }
}

// Plain loops over arrays in local names: every search runs through all rows here.

/** The least ‖x̂‖² − 2 p̂·x̂ of some rows. */
function leastPart(pass: FirstPass, start: number, end: number): number {
  const { products, scales, squares, probe } = pass;
  const factor = 2 * probe.scale;
  let least = Number.POSITIVE_INFINITY;
  for (let i = start; i < end; i++) {
    const part = squares[i] - factor * scales[i] * products[i];
    if (part < least) least = part;
  }
  return least;
}

/** The first row from `start` on whose ‖x̂‖² − 2 p̂·x̂ is within the limit; `end` where there is none. */
function nextWithin(pass: FirstPass, start: number, end: number, limit: number): number {
  const { products, scales, squares, probe } = pass;
  const factor = 2 * probe.scale;
  for (let i = start; i < end; i++) {
    if (squares[i] - factor * scales[i] * products[i] <= limit) return i;
  }
  return end;
}
