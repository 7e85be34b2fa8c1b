import type { CostParts } from "./cost-graph.ts";

/** J at a picture. */
export interface Evaluated extends CostParts<number> {
  /** ∂J by the pixels, `[3, height, width]`; holds until the next evaluation. */
  gradient: Float32Array;
}

/** J as a function of the pixels of a picture of one size. */
export interface Objective {
  /** @param data the pixels, `[3, height, width]` */
  evaluate(data: Float32Array): Promise<Evaluated>;
  release(): Promise<void>;
}
