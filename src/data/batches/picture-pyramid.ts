import type { Picture } from "../../image/index.ts";

/** The most that bilinear sampling may shrink: beyond it, it would skip source pixels and alias. */
const maxMinification = 1.6;

/** A picture and its halved copies, made when first needed, so that shrinking it does not alias. */
export class PicturePyramid {
  readonly #levels: Picture[];

  constructor(picture: Picture) {
    this.#levels = [picture];
  }

  /** Width of the full picture in pixels. */
  get width(): number {
    return this.#levels[0].width;
  }

  /** Height of the full picture in pixels. */
  get height(): number {
    return this.#levels[0].height;
  }

  /** The most memory that it takes with all its levels, in bytes: a third more than the picture. */
  get maxBytes(): number {
    return Math.ceil((this.#levels[0].data.byteLength * 4) / 3);
  }

  /**
   * The level to sample from when one output pixel covers `minification` × `minification` pixels of the full
   * picture. A pixel of the level covers `reduction` × `reduction` of them.
   */
  level(minification: number): { picture: Picture; reduction: number } {
    let index = 0;
    for (let rest = minification; rest > maxMinification; rest /= 2) {
      const { width, height } = this.#levels[index];
      if (width === 1 && height === 1) break;
      index++;
      this.#levels[index] ??= halve(this.#levels[index - 1]);
    }
    return { picture: this.#levels[index], reduction: 2 ** index };
  }
}

/** Means of 2 × 2 pixels; an odd last column or row counts twice. */
export function halve({ width, height, data }: Picture): Picture {
  const halfWidth = Math.ceil(width / 2);
  const halfHeight = Math.ceil(height / 2);
  const half = new Uint8Array(halfWidth * halfHeight * 3);
  let to = 0;
  for (let y = 0; y < halfHeight; y++) {
    const upper = 2 * y * width * 3;
    const lower = 2 * y + 1 < height ? upper + width * 3 : upper;
    for (let x = 0; x < halfWidth; x++) {
      const left = 6 * x;
      const right = 2 * x + 1 < width ? left + 3 : left;
      for (let channel = 0; channel < 3; channel++) {
        const top = data[upper + left + channel] + data[upper + right + channel];
        const bottom = data[lower + left + channel] + data[lower + right + channel];
        half[to++] = (top + bottom + 2) >> 2;
      }
    }
  }
  return { width: halfWidth, height: halfHeight, data: half };
}
