import { contactSheet, type Picture, resizePicture, savePicture, shrinkWithin } from "../../image/index.ts";

/** Pictures on a strip. */
const TILES = 8;
/** Width of a picture on it, in pixels; it is at most twice as high. */
const SIDE = 240;
/** Of so many snapshots every second one goes. */
const MOST_KEPT = 14;

interface Snapshot {
  picture: Picture;
  caption: string;
}

/** The way to a picture, as one picture: small snapshots, evenly apart, however many there were. */
export class StyleStrip {
  #kept: Snapshot[] = [];
  /** Of the snapshots that come, one of so many is kept. */
  #every = 1;
  #seen = 0;

  /** The snapshots that are kept. */
  get kept(): readonly Snapshot[] {
    return this.#kept;
  }

  async add(picture: Picture, caption: string): Promise<void> {
    if (this.#seen++ % this.#every > 0) return;
    this.#kept.push({ picture: await small(picture), caption });
    if (this.#kept.length < MOST_KEPT) return;
    this.#kept = this.#kept.filter((_, i) => i % 2 === 0);
    this.#every *= 2;
  }

  /** Writes some of them and the result, side by side. Throws what writing a file throws. */
  async save(path: string, result: Picture): Promise<void> {
    const count = Math.min(TILES - 1, this.#kept.length);
    const chosen = Array.from(
      { length: count },
      (_, i) => this.#kept[Math.floor((i * this.#kept.length) / count)],
    );
    const tiles = [...chosen, { picture: result, caption: "result" }];
    const height = Math.max(1, Math.round((SIDE * result.height) / result.width));
    const sheet = await contactSheet(tiles, {
      columns: tiles.length,
      tileWidth: SIDE,
      tileHeight: Math.min(2 * SIDE, height),
    });
    await savePicture(sheet, path);
  }
}

/** A picture as large as the strip shows it, at most. */
async function small(picture: Picture): Promise<Picture> {
  const { width, height } = shrinkWithin(picture, { width: SIDE, height: 2 * SIDE });
  return resizePicture(picture, width, height);
}
