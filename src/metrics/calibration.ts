/** Predictions of similar confidence. */
export interface CalibrationBin {
  /** Confidences above `low` up to and including `high`; those of 0 belong to the first bin. */
  low: number;
  high: number;
  /** Number of predictions. */
  count: number;
  /** Mean confidence; NaN without predictions. */
  confidence: number;
  /** Share of the predictions that are right; NaN without predictions. */
  accuracy: number;
}

/** How far a classifier's confidence, the probability of the class it takes, can be believed. */
export interface Calibration {
  /**
   * Expected calibration error in [0, 1]: mean over the predictions of the difference between their bin's
   * accuracy and confidence.
   */
  ece: number;
  /** Of equal width, ascending. */
  bins: CalibrationBin[];
}

const binCount = 15;

/**
 * Expected calibration error over 15 bins of equal width, for classes in one of which every example is
 * (Guo et al. 2017, "On Calibration of Modern Neural Networks", equations 2 and 3).
 *
 * @param confidences probability of the predicted class, in [0, 1], [N] with N ≥ 1
 * @param right whether each prediction is right, [N]
 */
export function calibrate(confidences: ArrayLike<number>, right: ArrayLike<boolean>): Calibration {
  const counts = new Array<number>(binCount).fill(0);
  const sums = new Array<number>(binCount).fill(0);
  const hits = new Array<number>(binCount).fill(0);
  for (let i = 0; i < confidences.length; i++) {
    // A softmax may exceed 1 by a rounding error.
    const bin = Math.min(Math.max(Math.ceil(confidences[i] * binCount) - 1, 0), binCount - 1);
    counts[bin]++;
    sums[bin] += confidences[i];
    if (right[i]) hits[bin]++;
  }
  let ece = 0;
  for (let bin = 0; bin < binCount; bin++) ece += Math.abs(hits[bin] - sums[bin]) / confidences.length;
  const bins = counts.map((count, bin) => ({
    low: bin / binCount,
    high: (bin + 1) / binCount,
    count,
    confidence: sums[bin] / count,
    accuracy: hits[bin] / count,
  }));
  return { ece, bins };
}
