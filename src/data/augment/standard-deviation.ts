/** The standard deviation (of the whole, not a sample's estimate) of the values start ≤ index < end. */
export function standardDeviation(values: ArrayLike<number>, start: number, end: number): number {
  const count = end - start;
  let sum = 0;
  for (let i = start; i < end; i++) sum += values[i];
  const mean = sum / count;
  let squares = 0;
  for (let i = start; i < end; i++) squares += (values[i] - mean) * (values[i] - mean);
  return Math.sqrt(squares / count);
}
