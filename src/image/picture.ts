/** An upright picture in memory: RGB, 8 bits a channel, rows from the top, no padding. */
export interface Picture {
  /** Columns, ≥ 1. */
  readonly width: number;
  /** Rows, ≥ 1. */
  readonly height: number;
  /** `height × width × 3` bytes, RGB interleaved. */
  readonly data: Uint8Array;
}
