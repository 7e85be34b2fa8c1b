import { Random } from "../../core/index.ts";
import { encodingDistance } from "../encoder.ts";

/** Distances between the pictures of people. */
export interface PeopleDistances {
  /** Number of people. */
  people: number;
  /** Of two pictures of one person, and whose they are. */
  same: Float32Array;
  samePerson: Uint32Array;
  /** Of pictures of two people, and whose they are. */
  different: Float32Array;
  personA: Uint32Array;
  personB: Uint32Array;
}

/** How many pairs to compare. */
export interface PeopleDistancesOptions {
  /** Of more different pairs than this, as many are drawn; default 5 million. */
  mostDifferent?: number;
  /** Seed of the draw; default 0. */
  seed?: number;
}

/**
 * Compares all pictures of people with each other: all same pairs, and all different ones or a random sample of them.
 *
 * @param encodings `[length]` each
 * @param owners number of the person on each picture, 0 …
 */
export function distancesOfPeople(
  encodings: readonly Float32Array[],
  owners: readonly number[],
  { mostDifferent = 5_000_000, seed = 0 }: PeopleDistancesOptions = {},
): PeopleDistances {
  const sizes = new Map<number, number>();
  for (const owner of owners) sizes.set(owner, (sizes.get(owner) ?? 0) + 1);
  const pairsOf = (n: number) => (n * (n - 1)) / 2;
  const sameCount = Array.from(sizes.values()).reduce((sum, n) => sum + pairsOf(n), 0);
  let left = pairsOf(encodings.length) - sameCount;
  let wanted = Math.min(mostDifferent, left);
  const result: PeopleDistances = {
    people: sizes.size,
    same: new Float32Array(sameCount),
    samePerson: new Uint32Array(sameCount),
    different: new Float32Array(wanted),
    personA: new Uint32Array(wanted),
    personB: new Uint32Array(wanted),
  };
  const random = new Random(seed, encodings.length);
  let [sames, differents] = [0, 0];
  for (const [i, owner] of owners.entries()) {
    for (let j = 0; j < i; j++) {
      if (owners[j] === owner) {
        result.same[sames] = encodingDistance(encodings[i], encodings[j]);
        result.samePerson[sames++] = owner;
        continue;
      }
      // Selection sampling: each set of pairs is as probable (Knuth, volume 2, 3.4.2, algorithm S).
      const isDrawn = wanted === left || random.next() * left < wanted;
      left--;
      if (!isDrawn) continue;
      wanted--;
      result.different[differents] = encodingDistance(encodings[i], encodings[j]);
      result.personA[differents] = owner;
      result.personB[differents++] = owners[j];
    }
  }
  return result;
}
