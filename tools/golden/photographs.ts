import { join } from "node:path";
import { decodePicture, type Picture } from "../../src/image/index.ts";
import { packageFolder } from "../../src/models/index.ts";
import { mirrored } from "../../test/faces/mirrored.ts";

/** A photograph of the face-api package, as it is or mirrored. */
export interface Photograph {
  name: string;
  mirror: boolean;
  picture: Picture;
}

/** The twelve pictures that the ready models are compared on. */
export async function photographs(): Promise<Photograph[]> {
  const folder = join(await packageFolder("@vladmandic/face-api"), "demo");
  const all: Photograph[] = [];
  for (let i = 1; i <= 6; i++) {
    const name = `sample${i}.jpg`;
    const picture = await decodePicture(join(folder, name));
    all.push({ name, mirror: false, picture }, { name, mirror: true, picture: mirrored(picture) });
  }
  return all;
}
