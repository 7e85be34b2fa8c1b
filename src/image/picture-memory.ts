import { decodePicture } from "./decode.ts";
import type { Picture } from "./picture.ts";
import type { PictureSource } from "./picture-file.ts";

/** Decoded pictures by name, kept as long as they fit: for those who look at the same ones again and again. */
export class PictureMemory {
  readonly #pictures = new Map<string, Picture>();
  #freeBytes: number;

  constructor(bytes: number) {
    this.#freeBytes = bytes;
  }

  /** The picture of a name; `open` says where it comes from, if it is not kept. Throws as `decodePicture` does. */
  async get(name: string, open: () => PictureSource | Promise<PictureSource>): Promise<Picture> {
    const known = this.#pictures.get(name);
    if (known) return known;
    const picture = await decodePicture(await open());
    if (picture.data.byteLength <= this.#freeBytes) {
      this.#freeBytes -= picture.data.byteLength;
      this.#pictures.set(name, picture);
    }
    return picture;
  }
}
