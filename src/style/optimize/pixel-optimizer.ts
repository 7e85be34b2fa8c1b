/** Moves a picture's pixels against the gradient. */
export interface PixelOptimizer {
  /**
   * Takes one step.
   *
   * @param point the pixels, which are moved
   * @param cost at the pixels before the step
   * @param gradient of the cost by the pixels; not kept
   * @param rate length of a step, for those that need one
   */
  step(point: Float32Array, cost: number, gradient: Float32Array, rate: number): void;
  /** The optimiser of a larger or smaller picture that goes on from what this one has learned. */
  resized(resize: (field: Float32Array) => Float32Array): PixelOptimizer;
}
