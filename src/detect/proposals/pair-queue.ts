/** Pairs of regions, the most alike first; of equally alike ones the pair that came in first. */
export class PairQueue {
  readonly #heap: number[] = [];
  readonly #scores: number[] = [];
  readonly #pairs: number[] = [];

  push(a: number, b: number, score: number): void {
    const entry = this.#scores.length;
    this.#scores.push(score);
    this.#pairs.push(a, b);
    const heap = this.#heap;
    let at = heap.length;
    heap.push(entry);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!this.#before(entry, heap[parent])) break;
      heap[at] = heap[parent];
      at = parent;
    }
    heap[at] = entry;
  }

  /** Takes the first pair out; undefined where there is none. */
  pop(): readonly [a: number, b: number] | undefined {
    const heap = this.#heap;
    if (heap.length === 0) return undefined;
    const first = heap[0];
    const last = heap.pop()!;
    if (heap.length > 0) this.#sink(last);
    return [this.#pairs[2 * first], this.#pairs[2 * first + 1]];
  }

  /** Puts an entry where the first one was, and lets it sink to its place. */
  #sink(entry: number): void {
    const heap = this.#heap;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && this.#before(heap[child + 1], heap[child])) child++;
      if (!this.#before(heap[child], entry)) break;
      heap[at] = heap[child];
      at = child;
    }
    heap[at] = entry;
  }

  #before(a: number, b: number): boolean {
    const difference = this.#scores[a] - this.#scores[b];
    return difference > 0 || (difference === 0 && a < b);
  }
}
