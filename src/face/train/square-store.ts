import { PicturePyramid } from "../../data/index.ts";
import type { Picture } from "../../image/index.ts";
import { openFace } from "./find-faces.ts";
import type { Face } from "./prepare.ts";
import { faceSquare, type SquareShape } from "./square.ts";

/** Memory for squares in bytes; those beyond it are decoded again whenever they are needed. */
const MOST_BYTES = 1.5e9;

/** The faces to train with, small and decoded. */
export class SquareStore {
  readonly shape: SquareShape;
  readonly #faces: Face[] = [];
  readonly #kept = new Map<number, PicturePyramid>();
  #freeBytes = MOST_BYTES;

  constructor(shape: SquareShape) {
    this.shape = shape;
  }

  /** Adds a face; its index is the number of those before. */
  add(face: Face, picture: Picture): void {
    const pyramid = new PicturePyramid(faceSquare(picture, face.points, this.shape));
    const index = this.#faces.push(face) - 1;
    if (pyramid.maxBytes > this.#freeBytes) return;
    this.#freeBytes -= pyramid.maxBytes;
    this.#kept.set(index, pyramid);
  }

  /** @throws what decoding throws, where a picture has gone meanwhile */
  async load(index: number): Promise<PicturePyramid> {
    const kept = this.#kept.get(index);
    if (kept) return kept;
    const face = this.#faces[index];
    return new PicturePyramid(faceSquare(await openFace(face.source), face.points, this.shape));
  }

  /** Name of a picture. */
  idOf(index: number): string {
    return this.#faces[index].source.id;
  }
}
