import { FoveaError, messageOf } from "../../core/index.ts";
import { type ClassifiedPicture, type Problem, placeOf } from "../../data/index.ts";
import type { Picture } from "../../image/index.ts";
import { chipTransform, drawChip, type FaceAlignment } from "../chip.ts";
import type { FacePoints } from "../encoder.ts";
import type { FacePart } from "./encoder-task.ts";
import { type NotedFaces, openFace } from "./find-faces.ts";
import type { People, Person } from "./people.ts";

/** A picture that is ready to be drawn. */
export interface Face {
  /** Index of the person in its set. */
  person: number;
  source: ClassifiedPicture;
  /** The 68 points of the face; undefined where pictures are taken whole. */
  points: FacePoints | undefined;
}

/** Faces of people. */
export interface FaceSet {
  /** Names by index. */
  people: string[];
  faces: Face[];
}

/** Faces to train with and to measure by, with what could not be used. */
export interface PreparedFaces {
  train: FaceSet;
  val: FaceSet;
}

/** How to prepare faces. */
export interface PrepareOptions {
  alignment: FaceAlignment;
  noted: NotedFaces;
  /** Hears of each picture that is left out. */
  onProblem?: (problem: Problem) => void;
  onProgress?: (done: number, total: number) => void;
  signal?: AbortSignal;
  /** Gets each face of the part with its picture, while it is decoded. */
  onFace: (part: FacePart, face: Face, picture: Picture) => void | Promise<void>;
}

/**
 * Decodes each picture once and finds its face where faces are to be aligned; pictures that cannot be read, and those
 * without a face, are left out.
 *
 * @throws FoveaError `faces-too-few` where too little is left; `interrupted`; `output-unwritable` where the faces that are
 *   found cannot be noted
 */
export async function prepareFaces(people: People, options: PrepareOptions): Promise<PreparedFaces> {
  const { noted } = options;
  try {
    const prepared = await prepareSets(people, options).catch(async (error: unknown) => {
      await noted.save().catch(() => {}); // what went wrong first is what is told
      throw error;
    });
    await noted.save();
    return prepared;
  } finally {
    await noted.close();
  }
}

async function prepareSets(people: People, options: PrepareOptions): Promise<PreparedFaces> {
  const total = [...people.train, ...people.val].reduce((sum, { pictures }) => sum + pictures.length, 0);
  const progress = { done: 0, total };
  const train = await prepareSet("train", people.train, options, progress);
  const val = await prepareSet("val", people.val, options, progress);
  requirePairs(train, people);
  if (people.val.length > 0) requirePairs(val, people);
  return { train, val };
}

async function prepareSet(
  part: FacePart,
  people: readonly Person[],
  options: PrepareOptions,
  progress: { done: number; total: number },
): Promise<FaceSet> {
  const faces: Face[] = [];
  for (const [person, { pictures }] of people.entries()) {
    for (const source of pictures) {
      if (options.signal?.aborted) throw stopped();
      const opened = await opening(source, options);
      if (opened) {
        const face = { person, source, points: opened.points };
        await options.onFace(part, face, opened.picture);
        faces.push(face);
      }
      options.onProgress?.(++progress.done, progress.total);
    }
  }
  return { people: people.map(({ name }) => name), faces };
}

/** A picture and its face's points; undefined, and a problem, where there is none to use. */
async function opening(
  source: ClassifiedPicture,
  { alignment, noted, onProblem }: PrepareOptions,
): Promise<{ picture: Picture; points: FacePoints | undefined } | undefined> {
  try {
    const picture = await openFace(source);
    if (alignment === "none") return { picture, points: undefined };
    const points = await noted.pointsOf(source, picture);
    if (points) {
      chipTransform(picture, points, 1); // throws for points in one place
      return { picture, points };
    }
    onProblem?.({
      kind: "example-unreadable",
      file: placeOf(source),
      detail: "No face is found: the picture is left out; cut out faces are taken whole by --crop none.",
    });
  } catch (error) {
    if (!(error instanceof FoveaError) || error.code === "output-unwritable") throw error;
    onProblem?.({ kind: "picture-unreadable", file: placeOf(source), detail: messageOf(error) });
  }
  return undefined;
}

function stopped(): FoveaError {
  return new FoveaError(
    "interrupted",
    "Stopped while pictures were read, before training; the faces found so far are kept for the next time.",
  );
}

/** @throws `faces-too-few` */
function requirePairs({ people, faces }: FaceSet, { root }: People): void {
  const counts = people.map((_, i) => faces.filter(({ person }) => person === i).length);
  const present = counts.filter((count) => count > 0).length;
  if (present >= 2 && counts.some((count) => count > 1)) return;
  throw new FoveaError(
    "faces-too-few",
    `Of the pictures in \`${root}\`, those of ${present} people can be used: at least two people, and two pictures of one of them, are needed. If faces are cut out already, give --crop none.`,
  );
}

/** What the encoder looks at when it is measured, `[3, side, side]`, 0…255. */
export function plainChip(picture: Picture, { points }: Pick<Face, "points">, side: number): Float32Array {
  return drawChip(picture, chipTransform(picture, points, side), side);
}
