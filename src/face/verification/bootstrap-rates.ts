import { Random } from "../../core/index.ts";
import type { Interval } from "../../metrics/index.ts";
import type { PeopleDistances } from "./people-distances.ts";

/**
 * Intervals at 95 % of false-match rates by a bootstrap of people (Bolle, Ratha & Pankanti 2004, "Error analysis of pattern
 * recognition systems: the subsets bootstrap"): as many people are drawn with replacement, again and again, each with all
 * pictures, and a pair counts as often as both of its people were drawn together.
 *
 * @param order the different pairs by ascending distance
 * @param counts ascending: the rate of the `counts[i]` nearest pairs is `i`'s
 */
export function bootstrapRates(
  { people, personA, personB }: Pick<PeopleDistances, "people" | "personA" | "personB">,
  order: Uint32Array,
  counts: readonly number[],
  { draws, seed }: { draws: number; seed: number },
): Interval[] {
  const rates = counts.map(() => new Float64Array(draws));
  const times = new Uint32Array(people);
  for (let draw = 0; draw < draws; draw++) {
    const random = new Random(seed, draw);
    times.fill(0);
    for (let i = 0; i < people; i++) times[random.integer(people)]++;
    const sums = new Float64Array(counts.length);
    let sum = 0;
    let next = 0;
    for (const [i, pair] of order.entries()) {
      sum += times[personA[pair]] * times[personB[pair]];
      if (i + 1 === counts[next]) sums[next++] = sum;
    }
    for (const [k, part] of sums.entries()) rates[k][draw] = sum > 0 ? part / sum : 0;
  }
  return rates.map((drawn) => {
    drawn.sort();
    const quantile = (share: number) => drawn[Math.round(share * (draws - 1))];
    return [quantile(0.025), quantile(0.975)];
  });
}
