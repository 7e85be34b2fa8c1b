/** Rounds of the power iteration: enough for a drawing. */
const ROUNDS = 100;

/**
 * Encodings seen from where they spread most: their coordinates along the two first principal components (Pearson 1901),
 * found by power iteration.
 */
export function principalPlane(encodings: readonly Float32Array[]): [x: number, y: number][] {
  const size = encodings[0]?.length ?? 0;
  const mean = new Float64Array(size);
  for (const encoding of encodings) for (let k = 0; k < size; k++) mean[k] += encoding[k] / encodings.length;
  const rows = encodings.map((encoding) => Float64Array.from(encoding, (value, k) => value - mean[k]));
  const first = component(rows, size, []);
  const second = component(rows, size, [first]);
  return rows.map((row) => [dot(row, first), dot(row, second)]);
}

/** The direction of unit length in which rows spread most, at right angles to others. */
function component(
  rows: readonly Float64Array[],
  size: number,
  others: readonly Float64Array[],
): Float64Array {
  // The longest row, so that the start is not at right angles to what is looked for.
  let direction = rows.reduce((a, b) => (dot(b, b) > dot(a, a) ? b : a), new Float64Array(size));
  for (let round = 0; round < ROUNDS; round++) {
    const next = new Float64Array(size);
    for (const row of rows) {
      const along = dot(row, direction);
      for (let k = 0; k < size; k++) next[k] += along * row[k];
    }
    for (const other of others) {
      const along = dot(next, other);
      for (let k = 0; k < size; k++) next[k] -= along * other[k];
    }
    const length = Math.sqrt(dot(next, next));
    if (length === 0) return next;
    direction = next.map((value) => value / length);
  }
  return direction;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let k = 0; k < a.length; k++) sum += a[k] * b[k];
  return sum;
}
