/** What was taken for what; `ConfusionMatrix` of `metrics` is one. */
export interface ConfusionCounts {
  /** By row and column, usually the classes and "background". */
  labels: readonly string[];
  /** `counts[actual][predicted]` ≥ 0, [L, L]. */
  counts: readonly ArrayLike<number>[];
}
