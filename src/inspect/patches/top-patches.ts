/** The place where a unit answered most in a picture. */
export interface Patch {
  /** Index of the picture. */
  picture: number;
  /** The unit's largest activation there. */
  activation: number;
  /** Place in the layer's map, row by row. */
  place: number;
}

/** Patches that are kept for each unit. */
export const PATCHES = 9;

/** What is kept, as plain lists for a file. */
export interface TopPatchesState {
  activations: number[];
  pictures: number[];
  places: number[];
  sums: number[];
  fired: number[];
}

/**
 * For each unit of a layer the nine pictures that move it most, one patch of each, however many are offered: memory is
 * that of the nine.
 */
export class TopPatches {
  readonly units: number;
  readonly #activations: Float32Array;
  readonly #pictures: Int32Array;
  readonly #places: Int32Array;
  /** Sums of the pictures' largest activations, and how many of these were above 0. */
  readonly #sums: Float64Array;
  readonly #fired: Int32Array;

  constructor(units: number, state?: TopPatchesState) {
    this.units = units;
    this.#activations = state
      ? Float32Array.from(state.activations, (value) => value ?? Number.NEGATIVE_INFINITY)
      : new Float32Array(units * PATCHES).fill(Number.NEGATIVE_INFINITY);
    this.#pictures = state ? Int32Array.from(state.pictures) : new Int32Array(units * PATCHES).fill(-1);
    this.#places = state ? Int32Array.from(state.places) : new Int32Array(units * PATCHES);
    this.#sums = state ? Float64Array.from(state.sums) : new Float64Array(units);
    this.#fired = state ? Int32Array.from(state.fired) : new Int32Array(units);
  }

  /** Offers a picture's largest activation of a unit; numbers that are none are passed over. */
  offer(unit: number, { picture, activation, place }: Patch): void {
    if (!Number.isFinite(activation)) return;
    this.#sums[unit] += activation;
    if (activation > 0) this.#fired[unit]++;
    const first = unit * PATCHES;
    let at = first + PATCHES - 1;
    if (activation <= this.#activations[at]) return;
    for (; at > first && this.#activations[at - 1] < activation; at--) {
      this.#activations[at] = this.#activations[at - 1];
      this.#pictures[at] = this.#pictures[at - 1];
      this.#places[at] = this.#places[at - 1];
    }
    this.#activations[at] = activation;
    this.#pictures[at] = picture;
    this.#places[at] = place;
  }

  /** A unit's patches by falling activation, at most nine. */
  of(unit: number): Patch[] {
    return Array.from({ length: PATCHES }, (_, i) => unit * PATCHES + i)
      .filter((at) => this.#pictures[at] >= 0)
      .map((at) => {
        return { picture: this.#pictures[at], activation: this.#activations[at], place: this.#places[at] };
      });
  }

  /** Whether any picture has moved the unit above 0. */
  isAlive(unit: number): boolean {
    return this.#fired[unit] > 0;
  }

  /** The number of pictures that moved a unit above 0, and the sum of all pictures' largest activations. */
  totals(unit: number): { fired: number; sum: number } {
    return { fired: this.#fired[unit], sum: this.#sums[unit] };
  }

  toState(): TopPatchesState {
    const lists = { activations: this.#activations, pictures: this.#pictures, places: this.#places };
    const state = { ...lists, sums: this.#sums, fired: this.#fired };
    return Object.fromEntries(
      Object.entries(state).map(([name, list]) => [name, Array.from<number>(list)]),
    ) as unknown as TopPatchesState;
  }
}
