import type { Picture } from "../../image/index.ts";
import { PicturePyramid } from "./picture-pyramid.ts";

/**
 * Decoded pictures by index, each decoded once while there is room. When full, the pictures kept stay: every
 * epoch asks for every picture once, in a new order, so that dropping the oldest for the newest would only
 * lower the share of hits. A failure is kept, too: a broken file is opened once.
 */
export class PictureCache {
  readonly #decode: (index: number) => Promise<Picture>;
  readonly #pyramids = new Map<number, Promise<PicturePyramid>>();
  #freeBytes: number;

  /** `maxBytes` counts pictures with their halved levels. */
  constructor(maxBytes: number, decode: (index: number) => Promise<Picture>) {
    this.#freeBytes = maxBytes;
    this.#decode = decode;
  }

  /** The picture, from memory or decoded. Rejects as the decoder does. */
  load(index: number): Promise<PicturePyramid> {
    const known = this.#pyramids.get(index);
    if (known !== undefined) return known;
    const loading = this.#load(index);
    this.#pyramids.set(index, loading);
    return loading;
  }

  async #load(index: number): Promise<PicturePyramid> {
    const pyramid = new PicturePyramid(await this.#decode(index));
    if (pyramid.maxBytes > this.#freeBytes) this.#pyramids.delete(index);
    else this.#freeBytes -= pyramid.maxBytes;
    return pyramid;
  }
}
