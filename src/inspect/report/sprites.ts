import { encodePicture, type Picture } from "../../image/index.ts";

/** Many tiles of one size in one picture, for a page to show parts of. */
export interface Sprite {
  webp: Uint8Array;
  columns: number;
  rows: number;
}

/** WebP allows no more pixels along a side. */
const LONGEST_SIDE = 16_000;
const GROUND = 0x80;

/** Rows of tiles as sprites; several where one would be too high. */
export async function makeSprites(
  rows: readonly (readonly (Picture | undefined)[])[],
  columns: number,
  side: number,
  quality = 78,
): Promise<Sprite[]> {
  const most = Math.floor(LONGEST_SIDE / side);
  const sprites: Sprite[] = [];
  for (let from = 0; from < rows.length; from += most) {
    const part = rows.slice(from, from + most);
    const sheet = tileSheet(part, columns, side);
    sprites.push({ webp: await encodePicture(sheet, "webp", { quality }), columns, rows: part.length });
  }
  return sprites;
}

/** The row of a list of sprites that holds row `index` of all. */
export function placeInSprites(sprites: readonly Sprite[], index: number): { sprite: number; row: number } {
  let row = index;
  let sprite = 0;
  while (row >= sprites[sprite].rows) row -= sprites[sprite++].rows;
  return { sprite, row };
}

/** Tiles side by side without gaps, rows from the top; missing ones grey. */
function tileSheet(
  rows: readonly (readonly (Picture | undefined)[])[],
  columns: number,
  side: number,
): Picture {
  const width = columns * side;
  const data = new Uint8Array(3 * width * rows.length * side).fill(GROUND);
  for (const [y, tiles] of rows.entries()) {
    for (const [x, tile] of tiles.entries()) {
      if (!tile) continue;
      for (let line = 0; line < side; line++) {
        const from = 3 * line * side;
        data.set(tile.data.subarray(from, from + 3 * side), 3 * ((y * side + line) * width + x * side));
      }
    }
  }
  return { width, height: rows.length * side, data };
}
