import { FoveaError } from "../core/index.ts";
import type { Face } from "./face-finder.ts";

/** A face with a side shorter than this share of the largest one's belongs to a passer-by. */
const BYSTANDER = 0.4;

/**
 * The face that a picture is of. Faces much smaller than the largest one are taken for passers-by.
 *
 * @param file what messages call the picture
 * @param options.largest takes the largest where several could be meant
 * @throws FoveaError `face-missing` for none, `faces-ambiguous` for several
 */
export function oneFace(
  faces: readonly Face[],
  file: string,
  { largest = false }: { largest?: boolean } = {},
): Face {
  if (faces.length === 0) {
    throw new FoveaError(
      "face-missing",
      `Picture \`${file}\` shows no face that can be found: take one in which the face is large, upright and well lit.`,
    );
  }
  const bySide = faces.map((face) => ({ face, side: sideOf(face) })).sort((a, b) => b.side - a.side);
  const meant = bySide.filter(({ side }) => side >= BYSTANDER * bySide[0].side);
  if (meant.length > 1 && !largest) {
    throw new FoveaError(
      "faces-ambiguous",
      `Picture \`${file}\` shows ${meant.length} faces where one is needed: cut it, or say that the largest is meant (--largest).`,
    );
  }
  return meant[0].face;
}

function sideOf({ box: [x1, y1, x2, y2] }: Face): number {
  return Math.sqrt((x2 - x1) * (y2 - y1));
}
