import { add, div, mul, sqrt, sub, type Value } from "../../graph/index.ts";
import type { Optimizer, UpdateContext } from "./optimizer.ts";

/** Options of {@link adamW} and {@link adam}. */
export interface AdamOptions {
  /** Decay of the mean of gradients. */
  beta1?: number;
  /** Decay of the mean of squared gradients. */
  beta2?: number;
  epsilon?: number;
}

/**
 * Adam with decoupled weight decay (Loshchilov & Hutter 2019):
 * m ← β₁m + (1 − β₁)g, v ← β₂v + (1 − β₂)g², w ← w − η·λ·w − η·m̂ / (√v̂ + ε).
 */
export function adamW(options: AdamOptions = {}): Optimizer {
  return adaptive("adamw", options, ({ parameter, gradient, scalars, weightDecay }) => ({
    slope: gradient,
    start: weightDecay ? sub(parameter, mul(parameter, mul(scalars.learningRate, weightDecay))) : parameter,
  }));
}

/** Adam (Kingma & Ba 2015); weight decay is part of the gradient: g ← g + λ·w. */
export function adam(options: AdamOptions = {}): Optimizer {
  return adaptive("adam", options, ({ parameter, gradient, weightDecay }) => ({
    slope: weightDecay ? add(gradient, mul(parameter, weightDecay)) : gradient,
    start: parameter,
  }));
}

/** The bias corrections of m̂ and v̂ are folded into the step's two numbers. */
function adaptive(
  name: string,
  { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8 }: AdamOptions,
  decayed: (context: UpdateContext) => { slope: Value; start: Value },
): Optimizer {
  return {
    name,
    slots: ["mean", "square"],
    scalars(step, learningRate) {
      const square = Math.sqrt(1 - beta2 ** step);
      return {
        learningRate,
        stepSize: (learningRate * square) / (1 - beta1 ** step),
        stepEpsilon: epsilon * square,
      };
    },
    update(context) {
      const { slots, scalars } = context;
      const { slope, start } = decayed(context);
      const mean = add(mul(slots.mean, beta1), mul(slope, 1 - beta1));
      const square = add(mul(slots.square, beta2), mul(mul(slope, slope), 1 - beta2));
      const move = mul(div(mean, add(sqrt(square), scalars.stepEpsilon)), scalars.stepSize);
      return { parameter: sub(start, move), slots: { mean, square } };
    },
  };
}
