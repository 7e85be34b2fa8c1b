import type { People, Person } from "./people.ts";

/** Faces to measure by: their pairs are half a million. */
const MOST_MEASURED = 1000;

/** Pictures of a person of which there is a pair. */
const FEWEST = 2;

/** People to train with whose encodings are looked at for collapse, where nobody is kept apart. */
const LOOKED_AT = 40;

/**
 * Whose faces are encoded in every evaluation: those of all who are kept apart, of each as many as all together may have;
 * of hundreds two each, of so many people as there is room for.
 */
export function measuredPeople({ train, val }: Pick<People, "train" | "val">): Person[] {
  const people = val.length > 0 ? val : train.slice(0, LOOKED_AT);
  const longest = Math.max(...people.map(({ pictures }) => pictures.length));
  const sumOf = (each: number) => people.reduce((sum, one) => sum + Math.min(each, one.pictures.length), 0);
  let each = FEWEST;
  while (each < longest && sumOf(each + 1) <= MOST_MEASURED) each++;
  let rest = MOST_MEASURED;
  return people
    .map((person) => ({ ...person, pictures: person.pictures.slice(0, each) }))
    .filter(({ pictures }) => {
      rest -= pictures.length;
      return rest >= 0;
    });
}
