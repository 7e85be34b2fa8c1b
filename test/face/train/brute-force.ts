import type { LossCase } from "./loss-cases.ts";

const square = (a: readonly number[], b: readonly number[]) =>
  a.reduce((sum, value, k) => sum + (value - b[k]) ** 2, 0);

/** The loss of a case by loops over pictures, written down from the papers and nothing else. */
export function bruteForce(test: LossCase): number {
  return test.triplet ? triplets(test) : binary(test);
}

/** Index with the highest value. */
function best(indices: readonly number[], scoreOf: (i: number) => number): number {
  return indices.reduce((a, b) => (scoreOf(b) > scoreOf(a) ? b : a));
}

function triplets({ people, encodings, noise, triplet }: LossCase): number {
  const { mining, margin } = triplet!;
  const n = encodings[0].length;
  const d2 = (i: number, j: number) => square(encodings[i], encodings[j]);
  const places = people.map((_, i) => i);
  const fraction = (i: number, j: number, k: number) => (noise[i][k] + noise[j][k]) % 1;
  let sum = 0;
  for (const a of places) {
    const positives = places.filter((i) => i !== a && people[i] === people[a]);
    const negatives = places.filter((i) => people[i] !== people[a]);
    if (positives.length === 0) continue;
    const anchored = mining === "batch-hard" ? [best(positives, (p) => d2(a, p))] : positives;
    for (const p of anchored) {
      const farther = negatives.filter((i) => d2(a, i) > d2(a, p));
      const negative = {
        random: () => best(negatives, (i) => fraction(a, p, i)),
        "semi-hard": () =>
          farther.length > 0 ? best(farther, (i) => -d2(a, i)) : best(negatives, (i) => d2(a, i)),
        "batch-hard": () => best(negatives, (i) => -d2(a, i)),
        "distance-weighted": () =>
          best(negatives, (i) => {
            const d = Math.min(1.4, Math.max(0.5, Math.sqrt(d2(a, i))));
            const q = d ** (n - 2) * (1 - d ** 2 / 4) ** ((n - 3) / 2);
            return Math.log(1 / q) - Math.log(-Math.log(fraction(a, p, i)));
          }),
      }[mining]();
      sum += Math.max(d2(a, p) - d2(a, negative) + margin, 0);
    }
  }
  return sum;
}

function binary({ people, encodings, head }: LossCase): number {
  const { form, split, scale, weight, bias } = head!;
  const features = encodings.map((row) =>
    split ? [...row.map((x) => Math.max(x, 0)), ...row.map((x) => Math.max(-x, 0))] : row,
  );
  const losses: { same: number[]; different: number[] } = { same: [], different: [] };
  for (const [i, a] of features.entries()) {
    for (const [j, b] of features.entries()) {
      if (i === j) continue;
      const logit = a.reduce((sum, x, k) => {
        const difference = Math.abs(x - b[k]);
        const compared =
          form === "difference" ? difference : difference === 0 ? 0 : difference ** 2 / (x + b[k]);
        return sum + weight[k] * scale * compared;
      }, bias);
      const probability = 1 / (1 + Math.exp(-logit));
      const isSame = people[i] === people[j];
      const label = isSame ? 0.9 : 0.1;
      const loss = -label * Math.log(probability) - (1 - label) * Math.log(1 - probability);
      losses[isSame ? "same" : "different"].push(loss);
    }
  }
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  return (mean(losses.same) + mean(losses.different)) / 2;
}
