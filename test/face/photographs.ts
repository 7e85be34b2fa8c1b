import { join } from "node:path";
import { decodePicture, type Picture } from "../../src/image/index.ts";
import { packageFolder } from "../../src/models/index.ts";

/** A photograph of the face-api package, as it is or mirrored. */
export interface Photograph {
  name: string;
  mirror: boolean;
}

/** Photographs with their names for test titles. */
export function titled<T extends Photograph>(list: readonly T[]): [string, T][] {
  return list.map((one) => [`${one.name}${one.mirror ? ", mirrored" : ""}`, one]);
}

/** The decoded picture. */
export async function openPhotograph({ name, mirror }: Photograph): Promise<Picture> {
  const picture = await decodePicture(join(await packageFolder("@vladmandic/face-api"), "demo", name));
  return mirror ? mirrored(picture) : picture;
}

/** The picture seen in a mirror. */
export function mirrored({ width, height, data }: Picture): Picture {
  const turned = new Uint8Array(data.length);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const from = (y * width + x) * 3;
      turned.set(data.subarray(from, from + 3), (y * width + (width - 1 - x)) * 3);
    }
  }
  return { width, height, data: turned };
}
