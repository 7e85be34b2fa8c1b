import { type ContactTile, contactSheet, type Picture, resizePicture } from "../../image/index.ts";
import { pictureOfPlanes } from "../chip.ts";
import type { EncodedPair, FaceEvaluation } from "./evaluate.ts";
import { openFace } from "./find-faces.ts";
import { type FaceSet, plainChip } from "./prepare.ts";

/** Pairs of each kind that are shown. */
const SHOWN = 12;

/** Faces of a batch that are shown. */
const SHOWN_OF_BATCH = 32;

/** Side of a shown face in pixels. */
const TILE = 96;

/** The pairs that were hardest: those of one person that are farthest apart, and those of two that are nearest. */
export async function hardestPairs({ pairs }: FaceEvaluation, { people, faces }: FaceSet): Promise<Picture> {
  const farthest = pairs.filter(({ same }) => same).sort((a, b) => b.distance - a.distance);
  const nearest = pairs.filter(({ same }) => !same).sort((a, b) => a.distance - b.distance);
  const tiles: ContactTile[] = [];
  for (const pair of [...farthest.slice(0, SHOWN), ...nearest.slice(0, SHOWN)]) {
    const sides = [pair.a, pair.b].map(async (i) =>
      pictureOfPlanes(plainChip(await openFace(faces[i].source), faces[i], TILE), TILE),
    );
    const [left, right] = await Promise.all(sides);
    tiles.push({ picture: besides(left, right), caption: captionOf(pair, people, faces) });
  }
  return contactSheet(tiles, { columns: 4, tileWidth: 2 * TILE, tileHeight: TILE });
}

function captionOf(
  { a, b, same, distance }: EncodedPair,
  people: FaceSet["people"],
  faces: FaceSet["faces"],
) {
  const [first, second] = [a, b].map((i) => people[faces[i].person].replaceAll("_", " "));
  return `${distance.toFixed(2)} ${same ? first : `${first} – ${second}`}`;
}

/** Faces of a batch, uint8 `[B, 3, side, side]`, as they are varied in training. */
export async function batchSheet(
  planes: Uint8Array,
  side: number,
  captions: readonly string[],
): Promise<Picture> {
  const size = 3 * side * side;
  const tiles = captions.slice(0, SHOWN_OF_BATCH).map(async (caption, i) => {
    const picture = pictureOfPlanes(planes.subarray(i * size, (i + 1) * size), side);
    return { picture: await resizePicture(picture, TILE, TILE), caption };
  });
  return contactSheet(await Promise.all(tiles), { columns: 8, tileWidth: TILE, tileHeight: TILE });
}

/** Two pictures of one size beside each other. */
function besides(left: Picture, right: Picture): Picture {
  const { width, height } = left;
  const data = new Uint8Array(2 * width * height * 3);
  for (let y = 0; y < height; y++) {
    for (const [i, { data: from }] of [left, right].entries())
      data.set(from.subarray(3 * width * y, 3 * width * (y + 1)), 3 * width * (2 * y + i));
  }
  return { width: 2 * width, height, data };
}
