/**
 * A number for people: whole ones in full, others with three significant digits, very small and very large
 * ones with an exponent. "–" where it is not finite.
 */
export function formatNumber(value: number): string {
  if (!Number.isFinite(value)) return "–";
  if (Number.isInteger(value) && Math.abs(value) < 1e15) return String(value);
  const magnitude = Math.abs(value);
  if (magnitude < 1e-4 || magnitude >= 1e6) return value.toExponential(2);
  return value.toFixed(decimalsOf(magnitude));
}

/** Numbers of one column, all with as many decimals as the one that needs most of them. */
export function formatColumn(values: readonly number[]): string[] {
  const fractions = values.filter((value) => Number.isFinite(value) && !Number.isInteger(value));
  if (fractions.some((value) => formatNumber(value).includes("e"))) return values.map(formatNumber);
  const decimals = Math.max(0, ...fractions.map((value) => decimalsOf(Math.abs(value))));
  return values.map((value) => (Number.isFinite(value) ? value.toFixed(decimals) : "–"));
}

/** Decimals that show three significant digits, at least three below 1 and none from 100 on. */
function decimalsOf(magnitude: number): number {
  return Math.min(6, Math.max(0, 2 - Math.floor(Math.log10(magnitude)), magnitude < 1 ? 3 : 0));
}
