/** Enrolls {@link PEOPLE} people, and says each name when it is written: what a test kills. */
import { Gallery } from "../../../src/face/gallery/index.ts";
import { INDEX_FROM, manyPeople } from "./many-people.ts";
import { encoder } from "./people-of-tests.ts";

const [folder] = process.argv.slice(2);
const gallery = await Gallery.open(folder, { encoder, indexFrom: INDEX_FROM });
process.stdout.write("open\n");
const sums = await gallery.enrollAll(manyPeople(), {
  batch: 3,
  onEnrolled: ({ name }) => process.stdout.write(`${name}\n`),
});
process.stdout.write(`done ${sums.people}\n`);
await gallery.close();
