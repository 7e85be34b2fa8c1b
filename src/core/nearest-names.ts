/** Names that look most like what was asked for, the nearest first: what a mistyped one may have been meant to be. */
export function nearestNames(asked: string, names: readonly string[], count = 3): string[] {
  const wanted = asked.toLowerCase();
  return names
    .map((name) => ({ name, distance: distanceTo(wanted, name.toLowerCase()) }))
    .sort((a, b) => a.distance - b.distance)
    .slice(0, count)
    .map(({ name }) => name);
}

/** A name that contains what was asked for is near, however long it is. */
function distanceTo(wanted: string, name: string): number {
  return name.includes(wanted) ? 0.5 : editDistance(wanted, name);
}

/** Insertions, deletions and replacements that turn one text into another (Levenshtein 1966). */
export function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1);
      next[j] = Math.min(replaced, row[j] + 1, next[j - 1] + 1);
    }
    row = next;
  }
  return row[b.length];
}
