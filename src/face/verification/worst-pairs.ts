import { basename, extname } from "node:path";
import {
  contactSheet,
  decodePicture,
  drawDetections,
  letterboxPicture,
  type Picture,
} from "../../image/index.ts";
import type { EncodedPicture } from "./encode-pictures.ts";
import type { JudgedPair, VerificationEvaluation } from "./evaluate-pairs.ts";
import { type PairList, pictureOf } from "./read-pairs.ts";

/** Mistakes that are shown. */
const SHOWN = 24;
/** Side of a shown picture in pixels, and what lies between two of a pair. */
const SIDE = 160;
const GAP = 4;
/** Of the ground behind pictures. */
const GREY = 228;

/** The pairs that the best threshold judges wrongly, the farthest from it first. */
export function worstPairs({ pairs, best }: VerificationEvaluation): JudgedPair[] {
  const { threshold } = best;
  return pairs
    .filter(({ distance, same }) => distance <= threshold !== same)
    .sort((a, b) => Math.abs(b.distance - threshold) - Math.abs(a.distance - threshold) || a.line - b.line);
}

/** A sheet of the worst mistakes, the faces that were compared in boxes; undefined without mistakes. */
export async function worstPairsSheet(
  { images }: PairList,
  evaluation: VerificationEvaluation,
  encoded: ReadonlyMap<string, EncodedPicture>,
): Promise<Picture | undefined> {
  const tiles = [];
  for (const { a, b, distance, same } of worstPairs(evaluation).slice(0, SHOWN)) {
    const [left, right] = await Promise.all(
      [a, b].map((name) => drawn(encoded.get(pictureOf(images, name)) ?? { path: pictureOf(images, name) })),
    );
    const apart = Number.isFinite(distance) ? distance.toFixed(3) : "no face";
    const caption = `${apart}, ${same ? "one person" : "two people"}: ${stemOf(a)}, ${stemOf(b)}`;
    tiles.push({ picture: sideBySide(left, right), caption });
  }
  if (tiles.length === 0) return undefined;
  return contactSheet(tiles, { columns: 4, tileWidth: 2 * SIDE + GAP, tileHeight: SIDE });
}

function stemOf(name: string): string {
  return basename(name, extname(name));
}

/** A picture with the box of its face; a grey one where it cannot be read. */
async function drawn({ path, box, problem }: EncodedPicture): Promise<Picture> {
  if (problem) return { width: SIDE, height: SIDE, data: new Uint8Array(3 * SIDE * SIDE).fill(GREY) };
  const picture = await decodePicture(path);
  const marked = box
    ? await drawDetections(picture, [{ box }], {
        lineWidth: Math.ceil(Math.max(picture.width, picture.height) / SIDE),
      })
    : picture;
  return letterboxPicture(marked, SIDE, SIDE, GREY);
}

function sideBySide(left: Picture, right: Picture): Picture {
  const width = 2 * SIDE + GAP;
  const data = new Uint8Array(3 * width * SIDE).fill(GREY);
  for (let y = 0; y < SIDE; y++) {
    const rowOf = ({ data }: Picture) => data.subarray(3 * y * SIDE, 3 * (y + 1) * SIDE);
    data.set(rowOf(left), 3 * y * width);
    data.set(rowOf(right), 3 * (y * width + SIDE + GAP));
  }
  return { width, height: SIDE, data };
}
