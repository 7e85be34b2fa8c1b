import { type Tensor, zeros } from "../../core/index.ts";
import type { Program, Tensors } from "../../runtime/index.ts";
import { encodingDistance } from "../encoder.ts";
import type { Nearest } from "./nearest.ts";
import { PROBE_ZERO, quantizeProbe, quantizeRow, ROW_ZERO } from "./quantize.ts";
import { fixedScan } from "./scan-program.ts";
import { type FirstPass, STRIPE_ROWS, Stripe } from "./stripe.ts";

/** Most rows of a block. */
const BLOCK_ROWS = 65_536;
const TURNED_TOGETHER = 64;

/** A probe as a block sees it. */
type BlockProbe = ReturnType<typeof quantizeProbe>;

/**
 * Encodings, as floats and as codes of one byte each. Codes are made of what differs from the rows' centre, which all
 * faces' encodings have in common: it would waste most of the codes' range.
 */
export class EncodingBlock {
  readonly #size: number;
  readonly #threads: number | undefined;
  #centre = new Float64Array(0);
  #keys = new Float64Array(0);
  #rows = new Float32Array(0);
  #codes: Uint8Array<ArrayBuffer> = new Uint8Array(0);
  #scales = new Float32Array(0);
  #squares = new Float32Array(0);
  /** Of each stripe the greatest. */
  #errors: number[] = [];
  #count = 0;
  #coded = 0;
  #removed = 0;
  #program: Program | undefined;
  #products: Tensor = zeros([0], "int32");

  constructor(size: number, threads?: number) {
    this.#size = size;
    this.#threads = threads;
  }

  get isFull(): boolean {
    return this.#count === BLOCK_ROWS;
  }

  /** Whether most of what a search would read is gone. */
  get isSparse(): boolean {
    return this.#removed > this.#count / 2;
  }

  add(key: number, encoding: Float32Array): void {
    if (this.#count === this.#keys.length) this.#grow();
    this.#keys[this.#count] = key;
    this.#rows.set(encoding, this.#count * this.#size);
    this.#count++;
  }

  /** Removes the rows with these keys and overwrites their floats; returns how many there were. */
  remove(keys: ReadonlySet<number>): number {
    let found = 0;
    for (let i = 0; i < this.#count; i++) {
      if (!keys.has(this.#keys[i])) continue;
      this.#keys[i] = Number.NaN;
      this.#squares[i] = Number.POSITIVE_INFINITY;
      this.#rows.fill(0, i * this.#size, (i + 1) * this.#size);
      found++;
    }
    this.#removed += found;
    return found;
  }

  /** The rows that are left. */
  *entries(): Generator<[key: number, encoding: Float32Array]> {
    for (let i = 0; i < this.#count; i++) {
      if (!Number.isNaN(this.#keys[i])) yield [this.#keys[i], this.#row(i)];
    }
  }

  /** Makes codes of the rows that have none; of a full block a program of its own. */
  async settle(): Promise<void> {
    if (this.#program || this.#coded === this.#count) return;
    if (this.#coded === 0 || this.isFull) {
      this.#centre = this.#mean();
      this.#coded = 0;
      this.#errors = [];
    }
    for (; this.#coded < this.#count; this.#coded++) this.#code(this.#coded);
    if (!this.isFull) return;
    this.#program = await fixedScan(this.#turnedCodes(), this.#size, BLOCK_ROWS, this.#threads);
    this.#products = zeros([1, BLOCK_ROWS], "int32");
    this.#codes = new Uint8Array(0);
  }

  /**
   * Multiplies probes with all rows, and says of each stripe how near it can be to each probe.
   * @param loose what multiplies while the block has no program of its own
   */
  async stripes(probes: readonly Float32Array[], loose: Program): Promise<Stripe[][]> {
    const own = probes.map((probe) => quantizeProbe(probe, this.#centre));
    const products = await (this.#program ? this.#multiplyFixed(own) : this.#multiplyLoose(own, loose));
    const rows = products.length / probes.length;
    return probes.map((probe, i) =>
      this.#stripesOf(probe, {
        products: products.subarray(i * rows, (i + 1) * rows),
        scales: this.#scales,
        squares: this.#squares,
        probe: own[i],
      }),
    );
  }

  async release(): Promise<void> {
    await this.#program?.release();
  }

  async #multiplyFixed(probes: readonly BlockProbe[]): Promise<Int32Array> {
    const data = new Uint8Array(probes.length * this.#size);
    for (const [i, { codes }] of probes.entries()) {
      for (let k = 0; k < this.#size; k++) data[i * this.#size + k] = codes[k] + PROBE_ZERO;
    }
    const shape = [probes.length, this.#size];
    // The usual search has one probe: its products have a place of their own, which need not be found again.
    const into: Tensors = probes.length === 1 ? { products: this.#products } : {};
    const { products } = await this.#program!.run({ probes: { dtype: "uint8", shape, data } }, into);
    return products.data as Int32Array;
  }

  async #multiplyLoose(probes: readonly BlockProbe[], program: Program): Promise<Int32Array> {
    const data = new Int8Array(probes.length * this.#size);
    for (const [i, { codes }] of probes.entries()) {
      for (let k = 0; k < this.#size; k++) data[k * probes.length + i] = codes[k];
    }
    const codes = this.#codes.subarray(0, this.#coded * this.#size);
    const { products } = await program.run({
      rows: { dtype: "uint8", shape: [this.#coded, this.#size], data: codes },
      probes: { dtype: "int8", shape: [this.#size, probes.length], data },
    });
    return products.data as Int32Array;
  }

  #stripesOf(probe: Float32Array, pass: FirstPass): Stripe[] {
    const measure = (i: number, nearest: Nearest) => {
      if (!Number.isNaN(this.#keys[i])) nearest.offer(this.#keys[i], encodingDistance(probe, this.#row(i)));
    };
    return this.#errors.map((error, stripe) => {
      const start = stripe * STRIPE_ROWS;
      return new Stripe(pass, [start, Math.min(this.#coded, start + STRIPE_ROWS)], error, measure);
    });
  }

  #code(i: number): void {
    const { scale, square, error } = quantizeRow(this.#row(i), this.#centre, this.#codes, i * this.#size);
    this.#scales[i] = scale;
    this.#squares[i] = Number.isNaN(this.#keys[i]) ? Number.POSITIVE_INFINITY : square;
    const stripe = Math.floor(i / STRIPE_ROWS);
    this.#errors[stripe] = Math.max(this.#errors[stripe] ?? 0, error);
  }

  #row(i: number): Float32Array {
    return this.#rows.subarray(i * this.#size, (i + 1) * this.#size);
  }

  #mean(): Float64Array<ArrayBuffer> {
    const mean = new Float64Array(this.#size);
    for (let i = 0; i < this.#count; i++) {
      const row = i * this.#size;
      for (let k = 0; k < mean.length; k++) mean[k] += this.#rows[row + k];
    }
    return mean.map((sum) => sum / this.#count);
  }

  /** The codes, a dimension of all rows after the other. */
  #turnedCodes(): Int8Array {
    const [size, count, codes] = [this.#size, this.#count, this.#codes];
    const turned = new Int8Array(codes.length);
    // Some rows at a time, which stay in the processor's cache.
    for (let start = 0; start < count; start += TURNED_TOGETHER) {
      const end = Math.min(count, start + TURNED_TOGETHER);
      for (let k = 0; k < size; k++) {
        for (let i = start; i < end; i++) turned[k * count + i] = codes[i * size + k] - ROW_ZERO;
      }
    }
    return turned;
  }

  #grow(): void {
    const rows = Math.min(BLOCK_ROWS, Math.max(STRIPE_ROWS, 2 * this.#keys.length));
    this.#keys = enlarged(this.#keys, new Float64Array(rows));
    this.#rows = enlarged(this.#rows, new Float32Array(rows * this.#size));
    this.#codes = enlarged(this.#codes, new Uint8Array(rows * this.#size));
    this.#scales = enlarged(this.#scales, new Float32Array(rows));
    this.#squares = enlarged(this.#squares, new Float32Array(rows));
  }
}

function enlarged<A extends Float32Array | Float64Array | Uint8Array>(from: ArrayLike<number>, to: A): A {
  to.set(from);
  return to;
}
