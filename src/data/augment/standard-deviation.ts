/** The mean of the values start ≤ index < end. */
export function meanOf(values: ArrayLike<number>, start: number, end: number): number {
  let sum = 0;
  for (let i = start; i < end; i++) sum += values[i];
  return sum / (end - start);
}

/** The standard deviation (of the whole, not a sample's estimate) of the values start ≤ index < end. */
export function standardDeviation(values: ArrayLike<number>, start: number, end: number): number {
  const mean = meanOf(values, start, end);
  let squares = 0;
  for (let i = start; i < end; i++) squares += (values[i] - mean) * (values[i] - mean);
  return Math.sqrt(squares / (end - start));
}
