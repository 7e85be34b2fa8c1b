import { add, mul, sub } from "../../graph/index.ts";
import type { Optimizer, Update } from "./optimizer.ts";

/** Options of {@link sgd}. */
export interface SgdOptions {
  /** μ, the share of the last step that goes on; default 0.9. */
  momentum?: number;
  /** Whether the gradient counts where the step leads to; default false. */
  nesterov?: boolean;
}

/** Stochastic gradient descent: v ← μ·v + g + λ·w; w ← w − η·v (Nesterov: w ← w − η·(g + λ·w + μ·v)). */
export function sgd({ momentum = 0.9, nesterov = false }: SgdOptions = {}): Optimizer {
  return {
    name: "sgd",
    slots: momentum ? ["velocity"] : [],
    scalars: (_, learningRate) => ({ learningRate }),
    update({ parameter, gradient, slots, scalars, weightDecay }): Update {
      const slope = weightDecay ? add(gradient, mul(parameter, weightDecay)) : gradient;
      if (!momentum) return { parameter: sub(parameter, mul(slope, scalars.learningRate)), slots: {} };
      const velocity = add(mul(slots.velocity, momentum), slope);
      const direction = nesterov ? add(slope, mul(velocity, momentum)) : velocity;
      return { parameter: sub(parameter, mul(direction, scalars.learningRate)), slots: { velocity } };
    },
  };
}
