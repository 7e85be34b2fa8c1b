import type { Enrollment } from "../../../src/face/gallery/index.ts";
import { ClusteredEncodings } from "./clustered-encodings.ts";
import { facesOf } from "./people-of-tests.ts";

export const PEOPLE = 120;
export const FACES = 4;
/** So few that there is an index after the first interruption. */
export const INDEX_FROM = 100;

/** The same people each time. */
export function* manyPeople(): Generator<Enrollment> {
  const make = new ClusteredEncodings(21);
  for (let i = 0; i < PEOPLE; i++) {
    const person = make.person();
    const faces = facesOf(Array.from({ length: FACES }, person), `person ${i}`);
    yield { name: `Person ${i}`, faces };
  }
}
