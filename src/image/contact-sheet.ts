import { FoveaError } from "../core/index.ts";
import { checkSize, shrinkWithin } from "./fit.ts";
import { FONT_FAMILY } from "./fonts.ts";
import { paste } from "./paste.ts";
import type { Picture } from "./picture.ts";
import { resizePicture } from "./resize.ts";
import { escapeXml, svgToPicture } from "./svg.ts";
import { shortenText } from "./text-width.ts";

/** A picture of a contact sheet. */
export interface ContactTile {
  readonly picture: Picture;
  /** One line under the picture, shortened to the tile's width. */
  readonly caption?: string;
}

export interface ContactSheetOptions {
  /** Tiles in a row; by default such that the sheet comes out roughly 3:2. */
  columns?: number;
  /** Room for each picture in pixels; 256 × 256 by default. Larger pictures are shrunk, small ones left as they are. */
  tileWidth?: number;
  tileHeight?: number;
  /** Heading over all columns. */
  title?: string;
}

const GAP = 12;
const CAPTION_FONT_SIZE = 13;
const CAPTION_HEIGHT = 24;
const TITLE_FONT_SIZE = 20;
const TITLE_HEIGHT = 36;
const PAPER = "#f5f5f6";
const TILE_GROUND = "#e4e4e7";
const INK = "#27272a";

/**
 * Many pictures on one sheet, in rows, each with its caption.
 *
 * @throws `contact-sheet-empty`, `picture-size`
 */
export async function contactSheet(
  tiles: readonly ContactTile[],
  options: ContactSheetOptions = {},
): Promise<Picture> {
  if (tiles.length === 0) {
    throw new FoveaError("contact-sheet-empty", "contactSheet: `tiles` is empty; pass at least one picture.");
  }
  const { tileWidth = 256, tileHeight = 256 } = options;
  const cellHeight = tileHeight + (tiles.some((tile) => tile.caption) ? CAPTION_HEIGHT : 0);
  const columns = options.columns ?? goodColumns(tiles.length, tileWidth + GAP, cellHeight + GAP);
  checkSize("contactSheet", { columns, tileWidth, tileHeight });

  const top = GAP + (options.title ? TITLE_HEIGHT : 0);
  const width = GAP + columns * (tileWidth + GAP);
  const height = top + Math.ceil(tiles.length / columns) * (cellHeight + GAP);
  const cells = tiles.map((tile, i) => ({
    ...tile,
    x: GAP + (i % columns) * (tileWidth + GAP),
    y: top + Math.floor(i / columns) * (cellHeight + GAP),
  }));

  const grounds = cells.map(
    ({ x, y }) =>
      `<rect x="${x}" y="${y}" width="${tileWidth}" height="${tileHeight}" fill="${TILE_GROUND}"/>`,
  );
  const captions = cells.map(({ caption, x, y }) =>
    caption
      ? drawLine(caption, x + tileWidth / 2, y + tileHeight + 17, CAPTION_FONT_SIZE, tileWidth, "middle")
      : "",
  );
  const title = options.title
    ? drawLine(options.title, GAP, GAP + 22, TITLE_FONT_SIZE, width - 2 * GAP, "start")
    : "";
  const sheet = await svgToPicture(
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${grounds.join("")}${title}${captions.join("")}</svg>`,
    { background: PAPER },
  );
  for (const { picture, x, y } of cells) {
    const size = shrinkWithin(picture, { width: tileWidth, height: tileHeight });
    const small = await resizePicture(picture, size.width, size.height);
    const left = x + Math.floor((tileWidth - size.width) / 2);
    paste(small, sheet, left, y + Math.floor((tileHeight - size.height) / 2));
  }
  return sheet;
}

function drawLine(
  text: string,
  x: number,
  y: number,
  fontSize: number,
  maxWidth: number,
  anchor: "start" | "middle",
): string {
  const face = anchor === "start" ? "bold" : "regular";
  const shown = escapeXml(shortenText(text.replace(/\s+/g, " ").trim(), fontSize, maxWidth, face));
  const weight = face === "bold" ? ` font-weight="bold"` : "";
  return `<text x="${x}" y="${y}" text-anchor="${anchor}" font-family="${FONT_FAMILY}" font-size="${fontSize}"${weight} fill="${INK}">${shown}</text>`;
}

/** The number of columns whose sheet comes closest to 3:2. */
function goodColumns(count: number, cellWidth: number, cellHeight: number): number {
  const ideal = Math.sqrt((1.5 * count * cellHeight) / cellWidth);
  return Math.max(1, Math.min(count, Math.round(ideal)));
}
