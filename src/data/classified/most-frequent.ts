/** The key that most items have, the earlier one of equals; undefined for no items. */
export function mostFrequent<T>(items: readonly T[], keyOf: (item: T) => string): string | undefined {
  const counts = new Map<string, number>();
  for (const item of items) counts.set(keyOf(item), (counts.get(keyOf(item)) ?? 0) + 1);
  let best: string | undefined;
  for (const [key, count] of counts) if (best === undefined || count > counts.get(best)!) best = key;
  return best;
}
