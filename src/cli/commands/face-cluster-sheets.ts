import { basename, join } from "node:path";
import { type Face, medoidOf } from "../../face/index.ts";
import {
  contactSheet,
  cropPicture,
  decodePicture,
  encodePicture,
  letterboxPicture,
  type Picture,
  savePicture,
} from "../../image/index.ts";
import { formatCount } from "../format.ts";
import { createProgress } from "../progress.ts";

/** A face of a file, and how it looks: a small JPEG, as thousands of pictures would not fit in memory. */
export interface FoundFace extends Face {
  file: string;
  crop: Uint8Array;
}

/** The faces of one person. */
export interface PersonGroup {
  name: string;
  faces: FoundFace[];
}

/** Side of a shown face in pixels, and of what is shown, as a multiple of its box's. */
const SIDE = 144;
const AROUND = 1.4;
/** Faces on one sheet. */
const MOST = 120;
/** Characters of a caption that fit under a face. */
const LONGEST = 16;

/** The face in the middle of a square, with a little of what is around it. */
export async function cutFace(picture: Picture, [x1, y1, x2, y2]: Face["box"]): Promise<Uint8Array> {
  const half = (AROUND * Math.max(x2 - x1, y2 - y1)) / 2;
  const [x, y] = [(x1 + x2) / 2, (y1 + y2) / 2];
  const part = cropPicture(picture, [x - half, y - half, x + half, y + half]);
  return encodePicture(await letterboxPicture(part, SIDE, SIDE), "jpeg", { quality: 85 });
}

/**
 * Writes an overview with the most typical face of each person, a sheet for each of those that have several, and one with
 * all who have one only.
 * @returns the sheets' paths
 */
export async function writeGroupSheets(
  groups: readonly PersonGroup[],
  out: string,
  { quiet }: { quiet?: boolean },
): Promise<string[]> {
  const several = groups.filter(({ faces }) => faces.length > 1);
  const once = groups.filter(({ faces }) => faces.length === 1);
  const progress = createProgress({ label: "Drawing", total: several.length + 2, quiet });
  const overview = several.map(({ name, faces }) => {
    const typical = faces[medoidOf(faces.map(({ encoding }) => encoding))];
    return { crop: typical.crop, caption: `${name}: ${faces.length}` };
  });
  const paths: string[] = [];
  const draw = async (name: string, title: string, tiles: readonly Tile[]) => {
    paths.push(...(await writeSheets(join(out, name), title, tiles)));
    progress.update(paths.length, name);
  };
  try {
    await draw(
      "overview",
      `${formatCount(several.length, "person", "people")} seen more than once`,
      overview,
    );
    for (const { name, faces } of several) {
      await draw(name, `${name}: ${formatCount(faces.length, "face")}`, faces.map(tileOf));
    }
    const singles = once.flatMap(({ name, faces }) =>
      faces.map(({ file, crop }) => ({ crop, caption: captionOf(file, `${name.replace("person-", "")} `) })),
    );
    await draw("seen-once", `${formatCount(once.length, "person", "people")} seen once`, singles);
  } finally {
    progress.done();
  }
  return paths;
}

interface Tile {
  crop: Uint8Array;
  caption: string;
}

function tileOf({ file, crop }: FoundFace): Tile {
  return { crop, caption: captionOf(file) };
}

/** A file's name; of long ones the end, in which they differ. */
function captionOf(file: string, before: string = ""): string {
  const name = basename(file);
  const room = LONGEST - before.length;
  return `${before}${name.length > room ? `…${name.slice(1 - room)}` : name}`;
}

/** One sheet or, for many tiles, several with numbers; none without tiles. */
async function writeSheets(path: string, title: string, tiles: readonly Tile[]): Promise<string[]> {
  const paths: string[] = [];
  for (let first = 0; first < tiles.length; first += MOST) {
    const part = tiles.slice(first, first + MOST);
    const pictures = await Promise.all(
      part.map(async ({ crop, caption }) => ({ picture: await decodePicture(crop), caption })),
    );
    const sheet = await contactSheet(pictures, { tileWidth: SIDE, tileHeight: SIDE, title });
    const number = tiles.length > MOST ? `-${1 + first / MOST}` : "";
    await savePicture(sheet, `${path}${number}.jpg`);
    paths.push(`${path}${number}.jpg`);
  }
  return paths;
}
