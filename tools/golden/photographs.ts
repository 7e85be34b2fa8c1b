import type { Picture } from "../../src/image/index.ts";
import { openPhotograph, type Photograph } from "../../test/face/photographs.ts";

/** The twelve pictures that the ready models are compared on. */
export async function photographs(): Promise<(Photograph & { picture: Picture })[]> {
  const names = Array.from({ length: 6 }, (_, i) => `sample${i + 1}.jpg`);
  const all = names.flatMap((name) => [false, true].map((mirror) => ({ name, mirror })));
  return Promise.all(all.map(async (one) => ({ ...one, picture: await openPhotograph(one) })));
}
