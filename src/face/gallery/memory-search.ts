import { FoveaError } from "../../core/index.ts";
import type { Program } from "../../runtime/index.ts";
import { EncodingBlock } from "./encoding-block.ts";
import { Nearest, type Neighbour } from "./nearest.ts";
import { looseScan } from "./scan-program.ts";
import type { Stripe } from "./stripe.ts";

/** Probes that are compared in one pass over the rows. */
const PROBES_AT_ONCE = 8;

/**
 * Encodings in memory, searched exactly. A first pass multiplies codes of one byte a dimension, four times less to
 * read than floats (`MatMulInteger`); the codes' errors bound every distance from below. A second pass computes the
 * distances of the rows that the bounds do not exclude, most promising stripes first.
 *
 * Needs size × 5 bytes a row and 16 bytes more.
 */
export class EncodingIndex {
  /** Length of the encodings. */
  readonly size: number;
  readonly #threads: number | undefined;
  #blocks: EncodingBlock[] = [];
  #length = 0;
  #loose: Promise<Program> | undefined;
  #turn: Promise<unknown> = Promise.resolve();

  /** @param options.threads for a search; default one on each physical core */
  constructor(size: number, { threads }: { threads?: number } = {}) {
    this.size = size;
    this.#threads = threads;
  }

  /** Rows. */
  get length(): number {
    return this.#length;
  }

  /**
   * Adds a row.
   * @param key what the search will call it; unique
   * @throws FoveaError `encoding-invalid` for another length, or numbers that are not finite
   */
  add(key: number, encoding: Float32Array): void {
    checkEncoding(encoding, this.size);
    this.#tail().add(key, encoding);
    this.#length++;
  }

  /** Removes rows; returns how many there were. */
  remove(keys: Iterable<number>): number {
    const gone = new Set(keys);
    const removed = this.#blocks.reduce((sum, block) => sum + block.remove(gone), 0);
    this.#length -= removed;
    return removed;
  }

  /**
   * The nearest rows to each probe, nearest first; equally near ones by their keys. As many as `count`, or all.
   * @throws FoveaError `encoding-invalid`
   */
  search(probes: readonly Float32Array[], count: number): Promise<Neighbour[][]> {
    for (const probe of probes) checkEncoding(probe, this.size);
    // Searches share the engine and its buffers: one after the other.
    const result = this.#turn.then(() => this.#search(probes, count));
    this.#turn = result.catch(() => {});
    return result;
  }

  /** Gives the memory back. */
  async close(): Promise<void> {
    await this.#turn;
    const blocks = this.#blocks;
    this.#blocks = [];
    this.#length = 0;
    for (const block of blocks) await block.release();
    await (await this.#loose)?.release();
    this.#loose = undefined;
  }

  async #search(probes: readonly Float32Array[], count: number): Promise<Neighbour[][]> {
    if (count < 1) return probes.map(() => []);
    await this.#settle();
    const results: Neighbour[][] = [];
    for (let i = 0; i < probes.length; i += PROBES_AT_ONCE) {
      results.push(...(await this.#searchTogether(probes.slice(i, i + PROBES_AT_ONCE), count)));
    }
    return results;
  }

  async #searchTogether(probes: readonly Float32Array[], count: number): Promise<Neighbour[][]> {
    const loose = await this.#looseProgram();
    const blocks: Stripe[][][] = [];
    for (const block of this.#blocks) blocks.push(await block.stripes(probes, loose));
    return probes.map((_, i) => {
      const stripes = blocks.flatMap((stripesOf) => stripesOf[i]).sort((a, b) => a.bound - b.bound);
      const nearest = new Nearest(count);
      for (const stripe of stripes) {
        if (stripe.bound > nearest.reach) break;
        stripe.look(nearest);
      }
      return nearest.rows;
    });
  }

  /** Made once; anew where it could not be made. */
  #looseProgram(): Promise<Program> {
    this.#loose ??= looseScan(this.size, this.#threads).catch((error: unknown) => {
      this.#loose = undefined;
      throw error;
    });
    return this.#loose;
  }

  /** Codes what is new, and closes the gaps of blocks that have lost most rows. */
  async #settle(): Promise<void> {
    const sparse = this.#blocks.filter((block) => block.isSparse);
    if (sparse.length > 0) {
      this.#blocks = this.#blocks.filter((block) => !block.isSparse);
      for (const block of sparse) {
        for (const [key, encoding] of block.entries()) this.#tail().add(key, encoding);
        await block.release();
      }
    }
    for (const block of this.#blocks) await block.settle();
  }

  /** The block that has room. */
  #tail(): EncodingBlock {
    let tail = this.#blocks.at(-1);
    if (!tail || tail.isFull) {
      tail = new EncodingBlock(this.size, this.#threads);
      this.#blocks.push(tail);
    }
    return tail;
  }
}

/** @throws FoveaError `encoding-invalid` */
export function checkEncoding(encoding: Float32Array, size: number): void {
  if (encoding.length !== size) {
    throw new FoveaError(
      "encoding-invalid",
      `An encoding has ${encoding.length} numbers instead of ${size}; give what the encoder made.`,
    );
  }
  // A plain loop: millions of encodings pass here.
  for (let k = 0; k < size; k++) {
    if (Number.isFinite(encoding[k])) continue;
    throw new FoveaError(
      "encoding-invalid",
      `Number ${k} of an encoding is ${encoding[k]}; give what the encoder made of a face.`,
    );
  }
}
