import { FoveaError, Random } from "../../core/index.ts";

/** Which pictures are in the batch of a step. */
export interface PersonBatches {
  /** Pictures in a batch, B: P · K, and some of people with a single picture. */
  readonly size: number;
  /** Steps in which as many pictures come as there are of people with two or more. */
  readonly stepsPerEpoch: number;
  /** Indices of a step's pictures, `[B]`; a person's stand beside each other. */
  readonly of: (step: number) => number[];
}

/** What {@link personBatches} is told. */
export interface PersonBatchOptions {
  /** P: people in a batch; no more than there are with two or more pictures. */
  people: number;
  /** K: pictures of each; a person with fewer repeats, each time varied anew. */
  pictures: number;
  seed: number;
}

/**
 * P people with K pictures each (Schroff et al. 2015, Hermans et al. 2017): enough pairs of one person in every batch.
 * People come in rounds, each once a round, in a new order each time; those who do not fill a batch wait for the next
 * round. People with a single picture have no pair of their own; they come as negatives, up to P of them in a batch.
 *
 * What is in a batch depends on seed and step only, so that a resumed run sees the same.
 *
 * @param byPerson indices of each person's pictures
 * @throws FoveaError `argument-range`
 */
export function personBatches(
  byPerson: readonly (readonly number[])[],
  { people, pictures, seed }: PersonBatchOptions,
): PersonBatches {
  const paired = byPerson.filter((own) => own.length > 1);
  const single = byPerson.filter((own) => own.length === 1).flat();
  const extra = Math.min(single.length, people);
  requirePeople(people, paired.length);
  const isWhole = Number.isInteger(people) && Number.isInteger(pictures) && people >= 1 && pictures >= 2;
  if (!isWhole || people + extra < 2) {
    throw new FoveaError(
      "argument-range",
      `A batch of ${people} people with ${pictures} pictures each cannot be made of ${paired.length} people with two or more pictures and ${single.length} with one: at least two people and two pictures each must be in it.`,
    );
  }
  const perRound = Math.floor(paired.length / people);
  const total = paired.reduce((sum, own) => sum + own.length, 0);
  return {
    size: people * pictures + extra,
    stepsPerEpoch: Math.max(1, Math.round(total / (people * pictures))),
    of(step) {
      const round = Math.floor(step / perRound);
      const places = paired.map((_, i) => i);
      const order = new Random(seed, round, 0x9e1).shuffle(places);
      const start = (step % perRound) * people;
      const chosen = order.slice(start, start + people).flatMap((person) => {
        const own = new Random(seed, round, person, 0x9e2).shuffle(paired[person]);
        return Array.from({ length: pictures }, (_, i) => own[i % own.length]);
      });
      return [...chosen, ...new Random(seed, step, 0x9e3).shuffle(single).slice(0, extra)];
    },
  };
}

/**
 * Refuses batches of more people than there are.
 * @param paired people to train with who have two or more pictures
 * @throws FoveaError `argument-range`
 */
export function requirePeople(people: number, paired: number): void {
  if (people <= paired) return;
  throw new FoveaError(
    "argument-range",
    `A batch cannot have ${people} people where ${paired} to train with have two or more pictures that can be used: give --people of at most ${paired}.`,
  );
}
