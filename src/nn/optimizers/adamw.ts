import { add, div, mul, sqrt, sub } from "../../graph/index.ts";
import type { Optimizer } from "./optimizer.ts";

/** Options of {@link adamW}. */
export interface AdamWOptions {
  /** Decay of the mean of gradients. */
  beta1?: number;
  /** Decay of the mean of squared gradients. */
  beta2?: number;
  epsilon?: number;
}

/**
 * Adam with decoupled weight decay (Loshchilov & Hutter 2019):
 * m ← β₁m + (1 − β₁)g, v ← β₂v + (1 − β₂)g², w ← w − η·λ·w − η·m̂ / (√v̂ + ε).
 * The bias corrections of m̂ and v̂ are folded into the step's two numbers.
 */
export function adamW({ beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8 }: AdamWOptions = {}): Optimizer {
  return {
    name: "adamw",
    slots: ["mean", "square"],
    scalars(step, learningRate) {
      const square = Math.sqrt(1 - beta2 ** step);
      return {
        learningRate,
        stepSize: (learningRate * square) / (1 - beta1 ** step),
        stepEpsilon: epsilon * square,
      };
    },
    update({ parameter, gradient, slots, scalars, weightDecay }) {
      const mean = add(mul(slots.mean, beta1), mul(gradient, 1 - beta1));
      const square = add(mul(slots.square, beta2), mul(mul(gradient, gradient), 1 - beta2));
      const move = mul(div(mean, add(sqrt(square), scalars.stepEpsilon)), scalars.stepSize);
      const shrunk = weightDecay
        ? sub(parameter, mul(parameter, mul(scalars.learningRate, weightDecay)))
        : parameter;
      return { parameter: sub(shrunk, move), slots: { mean, square } };
    },
  };
}
