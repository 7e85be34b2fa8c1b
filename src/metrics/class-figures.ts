/** How well a classifier tells one class, each figure in [0, 1]. */
export interface ClassificationClassResult {
  name: string;
  /** Number of its examples. */
  count: number;
  /** Share of what is taken for the class that is of it; NaN where nothing is. */
  precision: number;
  /** Share of its examples that are recognized; NaN without examples. */
  recall: number;
  /** Harmonic mean of both, 2·right / (predictions + examples); NaN where there is neither. */
  f1: number;
}

/**
 * The figures of each class by what was taken for what.
 *
 * @param labels the classes, [K]
 * @param counts `counts[actual][predicted]`, [K, K]
 */
export function classFigures(
  labels: readonly string[],
  counts: readonly (readonly number[])[],
): ClassificationClassResult[] {
  const predictions = labels.map(() => 0);
  for (const row of counts) for (const [k, count] of row.entries()) predictions[k] += count;
  return labels.map((name, k) => {
    const right = counts[k][k];
    const count = counts[k].reduce((sum, n) => sum + n, 0);
    return {
      name,
      count,
      precision: right / predictions[k],
      recall: right / count,
      f1: (2 * right) / (predictions[k] + count),
    };
  });
}
