import type { PixelOptimizer } from "./pixel-optimizer.ts";

const BETA1 = 0.9;
const BETA2 = 0.99;
const EPSILON = 1e-8;

/** Adam on pixels (Kingma & Ba 2015), for costs that change from step to step. */
export function adam(size: number): PixelOptimizer {
  return resumed(new Float32Array(size), new Float32Array(size), 0);
}

function resumed(mean: Float32Array, squares: Float32Array, steps: number): PixelOptimizer {
  return {
    step(point, _, gradient, rate) {
      steps++;
      const unbias1 = 1 - BETA1 ** steps;
      const unbias2 = 1 - BETA2 ** steps;
      for (let i = 0; i < point.length; i++) {
        const g = gradient[i];
        mean[i] += (1 - BETA1) * (g - mean[i]);
        squares[i] += (1 - BETA2) * (g * g - squares[i]);
        const moved = point[i] - (rate * (mean[i] / unbias1)) / (Math.sqrt(squares[i] / unbias2) + EPSILON);
        point[i] = moved < 0 ? 0 : moved > 1 ? 1 : moved;
      }
    },
    resized(resize) {
      const grown = [resize(mean), resize(squares)];
      // The cost is a mean over pixels: of n times as many each one's slope is an nth.
      const share = mean.length / grown[0].length;
      return resumed(
        grown[0].map((v) => share * v),
        grown[1].map((v) => share ** 2 * Math.max(0, v)),
        steps,
      );
    },
  };
}
