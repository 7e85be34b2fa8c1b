import type { Random } from "../../core/index.ts";

/** Values that are mixed: of pictures bytes, of others and of targets float32. */
export type MixedValues = Float32Array | Uint8Array;

/** Draws each example's partner: a random order of all `count`, in which some may be their own. */
export function drawPartners(random: Random, count: number): number[] {
  return random.shuffle(Array.from({ length: count }, (_, index) => index));
}

/**
 * Calls `mix` once for each row of `[partners.length, size]` with the row, which it may change, and its
 * partner's row as it was before. Rows that are their own partner are left out. The cycles of the permutation
 * are walked from row to partner, so that only the first row of each has to be kept.
 */
export function mixPairs(
  rows: MixedValues,
  partners: readonly number[],
  mix: (row: MixedValues, partner: MixedValues, index: number) => void,
): void {
  const size = rows.length / partners.length;
  const rowAt = (index: number) => rows.subarray(index * size, (index + 1) * size);
  const kept = rows.slice(0, size);
  const done = new Uint8Array(partners.length);
  for (let first = 0; first < partners.length; first++) {
    if (done[first] || partners[first] === first) continue;
    kept.set(rowAt(first));
    for (let index = first; !done[index]; index = partners[index]) {
      done[index] = 1;
      mix(rowAt(index), partners[index] === first ? kept : rowAt(partners[index]), index);
    }
  }
}

/** row ← own · row + (1 − own) · partner, bytes rounded. */
export function blendRow(row: MixedValues, partner: MixedValues, own: number): void {
  const half = row instanceof Uint8Array ? 0.5 : 0;
  for (let i = 0; i < row.length; i++) row[i] = own * row[i] + (1 - own) * partner[i] + half;
}
