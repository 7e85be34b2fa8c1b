/** Enrolls ten people with two pictures each, all at once: what a test starts in several processes. */
import { Gallery } from "../../../src/face/gallery/index.ts";
import { ClusteredEncodings } from "./clustered-encodings.ts";
import { encoder, facesOf, key } from "./people-of-tests.ts";

const [source, seed] = process.argv.slice(2);
const make = new ClusteredEncodings(Number(seed));
const gallery = await Gallery.open(source, { encoder, key, encrypt: true, create: true });
await Promise.all(
  Array.from({ length: 10 }, (_, i) => {
    const person = make.person();
    return gallery.enroll({ name: `Person ${i}`, faces: facesOf([person(), person()], `person ${i}`) });
  }),
);
await gallery.close();
