/**
 * Average precision as Pascal VOC computed it until 2009: the mean of the best precision at or above the
 * recalls 0, 0.1 … 1 (Everingham et al. 2010). The recalls are `i · 0.1` in floating point, as in the
 * common tools: 0.6 and 0.7 come out a hair higher, so a recall of exactly 6/10 does not reach its point.
 *
 * @param right whether each detection is right, by descending score
 * @param count number of objects
 * @returns a value in [0, 1], or NaN if `count` is 0
 */
export function elevenPointAp(right: readonly boolean[], count: number): number {
  if (count === 0) return Number.NaN;
  const { precision, recall } = envelope(right, count);
  let sum = 0;
  for (let point = 0; point <= 10; point++) {
    const reached = recall.findIndex((value) => value >= point * 0.1);
    if (reached >= 0) sum += precision[reached];
  }
  return sum / 11;
}

/**
 * Average precision as Pascal VOC computes it since 2010: the area under the curve of the best precision
 * at or above every recall.
 *
 * @param right whether each detection is right, by descending score
 * @param count number of objects
 * @returns a value in [0, 1], or NaN if `count` is 0
 */
export function everyPointAp(right: readonly boolean[], count: number): number {
  if (count === 0) return Number.NaN;
  const { precision, recall } = envelope(right, count);
  let area = 0;
  for (let i = 0; i < right.length; i++) {
    area += (recall[i] - (i === 0 ? 0 : recall[i - 1])) * precision[i];
  }
  return area;
}

/** Recall after each detection, and the best precision from there on. */
function envelope(
  right: readonly boolean[],
  count: number,
): { precision: Float64Array; recall: Float64Array } {
  const precision = new Float64Array(right.length);
  const recall = new Float64Array(right.length);
  let found = 0;
  for (let i = 0; i < right.length; i++) {
    if (right[i]) found++;
    precision[i] = found / (i + 1);
    recall[i] = found / count;
  }
  for (let i = right.length - 2; i >= 0; i--) precision[i] = Math.max(precision[i], precision[i + 1]);
  return { precision, recall };
}
