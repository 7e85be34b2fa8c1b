import { add, div, mul, sqrt, sub } from "../../graph/index.ts";
import type { Optimizer, Update } from "./optimizer.ts";

/** Options of {@link rmsprop}. */
export interface RmspropOptions {
  /** Decay of the mean of squared gradients. */
  decay?: number;
  momentum?: number;
  epsilon?: number;
}

/**
 * Gradients divided by the root of their mean square (Tieleman & Hinton 2012): v ← ρv + (1 − ρ)g²,
 * b ← μ·b + g / (√v + ε), w ← w − η·b; weight decay is part of g.
 */
export function rmsprop({ decay = 0.99, momentum = 0, epsilon = 1e-8 }: RmspropOptions = {}): Optimizer {
  return {
    name: "rmsprop",
    slots: momentum ? ["square", "velocity"] : ["square"],
    scalars: (_, learningRate) => ({ learningRate }),
    update({ parameter, gradient, slots, scalars, weightDecay }): Update {
      const slope = weightDecay ? add(gradient, mul(parameter, weightDecay)) : gradient;
      const square = add(mul(slots.square, decay), mul(mul(slope, slope), 1 - decay));
      const direction = div(slope, add(sqrt(square), epsilon));
      if (!momentum)
        return { parameter: sub(parameter, mul(direction, scalars.learningRate)), slots: { square } };
      const velocity = add(mul(slots.velocity, momentum), direction);
      return { parameter: sub(parameter, mul(velocity, scalars.learningRate)), slots: { square, velocity } };
    },
  };
}
