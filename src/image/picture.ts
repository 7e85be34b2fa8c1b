/** An upright picture in memory: RGB, 8 bits a channel, rows from the top, no padding. */
export interface Picture {
  /** Columns, ≥ 1. */
  readonly width: number;
  /** Rows, ≥ 1. */
  readonly height: number;
  /** `height × width × 3` bytes, RGB interleaved. */
  readonly data: Uint8Array;
}

/** A size in pixels. */
export interface PictureSize {
  readonly width: number;
  readonly height: number;
}

/** A colour as red, green and blue, 0 to 255 each. */
export type Rgb = readonly [red: number, green: number, blue: number];
