/** A row of an index and how far it lies from a probe. */
export interface Neighbour {
  key: number;
  /** Euclidean. */
  distance: number;
}

/** The nearest rows of those that were offered, nearest first; of equally near ones those with lower keys. */
export class Nearest {
  readonly #count: number;
  readonly #rows: Neighbour[] = [];

  constructor(count: number) {
    this.#count = count;
  }

  /** What a row may be away at most to get in. */
  get reach(): number {
    return this.#rows.length < this.#count ? Number.POSITIVE_INFINITY : this.#rows[this.#count - 1].distance;
  }

  offer(key: number, distance: number): void {
    const rows = this.#rows;
    let [low, high] = [0, rows.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      const other = rows[middle];
      if (other.distance < distance || (other.distance === distance && other.key < key)) low = middle + 1;
      else high = middle;
    }
    if (low >= this.#count) return;
    rows.splice(low, 0, { key, distance });
    if (rows.length > this.#count) rows.pop();
  }

  get rows(): Neighbour[] {
    return this.#rows;
  }
}
