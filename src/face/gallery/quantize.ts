/**
 * Codes of few bits for rows and probes, with what is needed to bound the distance that they hide.
 *
 * A vector x is written as x̂ = scale · code, and its error is ‖x − x̂‖. By the triangle inequality
 * ‖p − x‖ ≥ ‖p̂ − x̂‖ − ‖p − p̂‖ − ‖x − x̂‖, and ‖p̂ − x̂‖² = ‖p̂‖² + ‖x̂‖² − 2 · scaleₚ · scaleₓ · Σ codeₚ codeₓ,
 * whose sum is exact in integers.
 *
 * Rows have codes −127…127. Probes have −63…63 only: some kernels add two products of bytes in 16 bits before they
 * widen, which holds for these ranges and no greater ones.
 */

/** What code 0 of a row is as an unsigned byte. */
export const ROW_ZERO = 128;
/** What code 0 of a probe is as an unsigned byte. */
export const PROBE_ZERO = 64;

const ROW_LEVELS = 127;
const PROBE_LEVELS = 63;

/** Takes away more than all that rounding can have added to a square. */
const ROUNDED_DOWN: number = 1 - 1e-6;
const GREATEST_FLOAT = 3.4028234663852886e38;

/** What a code leaves out. */
export interface CodeScale {
  scale: number;
  /** ‖x̂‖², a little less than it is. */
  square: number;
  /** ‖x − x̂‖. */
  error: number;
}

/** Writes the codes of `row` − `centre` to `codes`, from `offset` on, around {@link ROW_ZERO}. */
export function quantizeRow(
  row: Float32Array,
  centre: Float64Array,
  codes: Uint8Array,
  offset: number,
): CodeScale {
  // The scale is stored as a float: codes are made for the stored one.
  const scale = Math.fround(greatestPart(row, centre) / ROW_LEVELS);
  const result = quantize(row, centre, { scale, levels: ROW_LEVELS, codes, offset, zero: ROW_ZERO });
  return { ...result, square: Math.min(Math.fround(result.square), GREATEST_FLOAT) };
}

/** The codes of `probe` − `centre`. */
export function quantizeProbe(
  probe: Float32Array,
  centre: Float64Array,
): CodeScale & { codes: Int8Array<ArrayBuffer> } {
  const codes = new Int8Array(probe.length);
  const scale = greatestPart(probe, centre) / PROBE_LEVELS;
  return { ...quantize(probe, centre, { scale, levels: PROBE_LEVELS, codes, offset: 0, zero: 0 }), codes };
}

function greatestPart(vector: Float32Array, centre: Float64Array): number {
  let greatest = 0;
  for (let k = 0; k < vector.length; k++) greatest = Math.max(greatest, Math.abs(vector[k] - centre[k]));
  return greatest;
}

interface Target {
  scale: number;
  /** Codes are −levels…levels. */
  levels: number;
  codes: Uint8Array | Int8Array;
  offset: number;
  /** How code 0 is written. */
  zero: number;
}

function quantize(
  vector: Float32Array,
  centre: Float64Array,
  { scale, levels, codes, offset, zero }: Target,
): CodeScale {
  let square = 0;
  let error = 0;
  for (let k = 0; k < vector.length; k++) {
    const part = vector[k] - centre[k];
    const code = scale > 0 ? Math.max(-levels, Math.min(levels, Math.round(part / scale))) : 0;
    codes[offset + k] = code + zero;
    square += (scale * code) ** 2;
    error += (part - scale * code) ** 2;
  }
  return { scale, square: square * ROUNDED_DOWN, error: Math.sqrt(error) };
}
