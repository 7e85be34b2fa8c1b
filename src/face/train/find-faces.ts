import { readFile, stat } from "node:fs/promises";
import { FoveaError, writeOutput } from "../../core/index.ts";
import { type ClassifiedPicture, readPictureBytes } from "../../data/index.ts";
import { decodePicture, type Picture } from "../../image/index.ts";
import { type MainFace, MainFaceEncoder, type MainFaceOptions } from "../verification/index.ts";

/** The points of each picture's face by the picture's name ({@link nameOf}); `null` where none is found. */
export type FoundFaces = Map<string, [x: number, y: number][] | null>;

/** Points are kept to a hundredth of a pixel. */
const PRECISION = 100;

/** Faces found between two notes of what is found so far: finding takes a while, and may be interrupted. */
const KEPT_EVERY = 200;

/**
 * Finds the face that each picture is of, as the evaluation of pairs does, and notes its points in a file, so that a run
 * that is resumed need not look again.
 */
export class NotedFaces {
  readonly #path: string;
  readonly #options: MainFaceOptions;
  readonly #found: FoundFaces;
  #unsaved = 0;
  #finder: MainFaceEncoder | undefined;

  private constructor(path: string, found: FoundFaces, options: MainFaceOptions) {
    this.#path = path;
    this.#found = found;
    this.#options = options;
  }

  /** @param path the file, which need not be there yet */
  static async open(path: string, options: MainFaceOptions): Promise<NotedFaces> {
    const text = await readFile(path, "utf8").catch(() => "{}");
    return new NotedFaces(path, new Map(Object.entries(notesIn(text))), options);
  }

  /** Points of the picture's face; undefined where it shows none. */
  async pointsOf(source: ClassifiedPicture, picture: Picture): Promise<[x: number, y: number][] | undefined> {
    const name = await nameOf(source);
    if (!this.#found.has(name)) {
      const face = await this.find(picture);
      const rounded = face?.points?.map(([x, y]): [number, number] => [round(x), round(y)]);
      this.#found.set(name, rounded ?? null);
      if (++this.#unsaved >= KEPT_EVERY) await this.save();
    }
    return this.#found.get(name) ?? undefined;
  }

  /** The face that a picture is of; undefined where none is found. */
  async find(picture: Picture): Promise<MainFace | undefined> {
    this.#finder ??= await MainFaceEncoder.load(this.#options);
    const face = await this.#finder.encode(picture);
    return face?.look === "square" ? undefined : face;
  }

  async save(): Promise<void> {
    if (this.#unsaved === 0) return;
    await writeOutput(this.#path, JSON.stringify(Object.fromEntries(this.#found)));
    this.#unsaved = 0;
  }

  /** Gives the engine's memory back. */
  async close(): Promise<void> {
    await this.#finder?.close();
    this.#finder = undefined;
  }
}

/** What is noted; nothing where the file was cut off. */
function notesIn(text: string): Record<string, [x: number, y: number][] | null> {
  try {
    return JSON.parse(text) ?? {};
  } catch {
    return {};
  }
}

/** Names a picture as it is now: in another picture under the same id the face is found anew. */
async function nameOf({ id, bytes: { file } }: ClassifiedPicture): Promise<string> {
  const { size, mtimeMs } = await stat(file);
  return `${id} ${size} ${mtimeMs}`;
}

function round(value: number): number {
  return Math.round(value * PRECISION) / PRECISION;
}

/** A person's picture, decoded. */
export async function openFace({ bytes }: ClassifiedPicture): Promise<Picture> {
  return decodePicture(await readPictureBytes(bytes));
}

/** Pictures that are looked at to choose how to cut faces out. */
const LOOKED_AT = 16;

/** What a sample of the pictures looks like. */
export interface PictureSample {
  /** Median of the longer sides in pixels. */
  side: number;
  /** Whether no picture has colours. */
  grey: boolean;
  pictures: Picture[];
}

/** Looks at some of the pictures, evenly chosen. */
export async function samplePictures(all: readonly ClassifiedPicture[]): Promise<PictureSample> {
  const every = Math.max(1, all.length / LOOKED_AT);
  const pictures: Picture[] = [];
  for (let i = 0; i < all.length; i += every) {
    try {
      pictures.push(await openFace(all[Math.floor(i)]));
    } catch (error) {
      if (!(error instanceof FoveaError)) throw error; // preparing says what is wrong with it
    }
  }
  const sides = pictures.map(({ width, height }) => Math.max(width, height)).sort((a, b) => a - b);
  return { side: sides[sides.length >> 1] ?? 0, grey: pictures.every(isGrey), pictures };
}

function isGrey({ data }: Picture): boolean {
  for (let i = 0; i < data.length; i += 3)
    if (data[i] !== data[i + 1] || data[i] !== data[i + 2]) return false;
  return true;
}

/** A face that takes this share of its picture's height leaves little around it to cut off. */
const FILLS = 0.65;

/** Whether pictures are faces that are cut out already: the usual face fills its picture, or none is found in most. */
export async function areCutOut({ pictures }: PictureSample, faces: NotedFaces): Promise<boolean> {
  const shares: number[] = [];
  for (const picture of pictures) {
    const face = await faces.find(picture);
    if (face) shares.push((face.box[3] - face.box[1]) / picture.height);
  }
  if (shares.length * 2 <= pictures.length) return true;
  return shares.sort((a, b) => a - b)[shares.length >> 1] >= FILLS;
}
