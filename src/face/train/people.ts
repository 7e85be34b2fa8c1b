import { createHash } from "node:crypto";
import { FoveaError, Random } from "../../core/index.ts";
import { type ClassifiedPicture, loadClassificationDataset, type Problem } from "../../data/index.ts";

/** A person with all pictures of them. */
export interface Person {
  name: string;
  pictures: ClassifiedPicture[];
}

/** People to train with, and others to measure by. */
export interface People {
  /** Absolute path of the folder. */
  root: string;
  train: Person[];
  /** People of whom training sees nothing; none where there shall be no measuring. */
  val: Person[];
  /** Where `val` comes from: folders of the data set, another folder, or drawn with a seed. */
  splitSource: "files" | { folder: string } | { seed: number; valPeople: number };
  problems: Problem[];
  /** SHA-256 (hex) over names and pictures of both parts. */
  fingerprint: string;
}

/** How to choose the people to measure by. */
export interface PeopleOptions {
  /** Names the draw. */
  seed?: number;
  /** Share of the people that is drawn to measure by, in [0, 1); default .2. 0 measures nothing. */
  valPeople?: number;
  /** Another folder with the people to measure by, instead of a draw. */
  val?: string;
}

/** Fewest people to learn from, and to measure by: with one there are no two to tell apart. */
const FEWEST = 2;

/**
 * Reads pictures of people, `name/1.jpg`, and keeps some of the people apart. Pictures in folders `train` and `val` (or
 * `test`) are taken as they lie; people in both belong to `train`.
 *
 * @throws FoveaError `people-too-few`, `dataset-format`, `dataset-missing`, `dataset-empty`
 */
export async function loadPeople(path: string, options: PeopleOptions = {}): Promise<People> {
  const { seed = 0, valPeople = 0.2, val } = options;
  const read = await readFolders(path);
  const other = val === undefined ? undefined : await readFolders(val);
  const declared = other ? [...other.train, ...other.held] : read.held;
  const isHeld = declared.length > 0 && valPeople > 0;
  const all = other ? [...read.train, ...read.held] : read.train;
  const parts = isHeld
    ? { train: all, val: unknownOf(declared, all, val ?? path) }
    : drawn(all, path, { seed, valPeople });
  requireEnough(path, parts);
  const known = isHeld ? declared.length - parts.val.length : 0;
  return {
    root: read.root,
    ...parts,
    splitSource: !isHeld ? { seed, valPeople } : other ? { folder: other.root } : "files",
    problems: [
      ...read.problems,
      ...(other?.problems ?? []),
      ...(known > 0 ? [takenForTrained(known, declared.length, other?.root ?? read.root)] : []),
    ],
    fingerprint: fingerprintOf(parts),
  };
}

/** The people of a folder: those to train with, and those whom it keeps apart itself. */
async function readFolders(path: string) {
  const dataset = await loadClassificationDataset(path, { valFraction: 0 });
  if (dataset.kind !== "pictures") {
    throw new FoveaError(
      "dataset-format",
      `\`${path}\` holds ${dataset.kind}; faces are pictures, in a folder for each person, for example anna/1.jpg.`,
    );
  }
  const { root, classes, splits } = dataset;
  // People to measure by shall be others than those to learn from.
  const problems = dataset.problems.filter(({ kind }) => kind !== "class-untrained");
  const grouped = (pictures: readonly ClassifiedPicture[]): Person[] =>
    classes
      .map((name, i) => ({ name, pictures: pictures.filter(({ classIndex }) => classIndex === i) }))
      .filter((person) => person.pictures.length > 0);
  return { root, problems, train: grouped(splits.train), held: grouped([...splits.val, ...splits.test]) };
}

/** Those of the people to measure by whose names nobody has with whom is trained. @throws `people-too-few` for none */
function unknownOf(declared: readonly Person[], train: readonly Person[], path: string): Person[] {
  const known = new Set(train.map(({ name }) => name));
  const others = declared.filter(({ name }) => !known.has(name));
  if (others.length > 0) return others;
  throw new FoveaError(
    "people-too-few",
    `All ${declared.length} people to measure by in \`${path}\` have names of people to train with, and are taken for these: give others, under names of their own, by --val, or train without measuring: --val-people 0.`,
  );
}

function takenForTrained(known: number, all: number, file: string): Problem {
  const detail = `${known} of the ${all} people to measure by have names of people to train with, and are taken for these: measured is by the others.`;
  return { kind: "duplicate", file, detail };
}

/** Keeps a share of the people apart, of those with two or more pictures: others have no pair of their own. */
function drawn(
  people: readonly Person[],
  path: string,
  { seed, valPeople }: { seed: number; valPeople: number },
): { train: Person[]; val: Person[] } {
  if (!(valPeople >= 0 && valPeople < 1)) {
    throw new FoveaError(
      "argument-range",
      `\`valPeople\` (=${valPeople}) must be at least 0 and below 1: it is the share of the people to measure by.`,
    );
  }
  if (valPeople === 0) return { train: [...people], val: [] };
  const paired = people.filter(({ pictures }) => pictures.length > 1);
  const count = Math.max(FEWEST, Math.round(paired.length * valPeople));
  if (paired.length < count + 1 || people.length < count + FEWEST) {
    throw new FoveaError(
      "people-too-few",
      `\`${path}\` has ${people.length} people, ${paired.length} of them with two or more pictures: keeping ${count} apart to measure by leaves too few to learn from. Add people, name some by --val, or train without measuring: --val-people 0.`,
    );
  }
  const held = new Set(new Random(seed, 0x9e0).shuffle(paired).slice(0, count));
  return {
    train: people.filter((person) => !held.has(person)),
    val: people.filter((person) => held.has(person)),
  };
}

/** @throws `people-too-few` */
function requireEnough(path: string, { train, val }: { train: readonly Person[]; val: readonly Person[] }) {
  const paired = (people: readonly Person[]) => people.filter(({ pictures }) => pictures.length > 1).length;
  if (train.length < FEWEST || paired(train) === 0) {
    throw new FoveaError(
      "people-too-few",
      `\`${path}\` has ${train.length} people to learn from, ${paired(train)} of them with two or more pictures: a face encoder needs at least two people, and two pictures of at least one of them, in a folder for each person.`,
    );
  }
  if (val.length > 0 && (val.length < FEWEST || paired(val) === 0)) {
    throw new FoveaError(
      "people-too-few",
      `There are ${val.length} people to measure by whom training does not see, ${paired(val)} of them with two or more pictures: name a folder with at least two people and two pictures of one of them, or none (--val-people 0).`,
    );
  }
}

function fingerprintOf(parts: { train: readonly Person[]; val: readonly Person[] }): string {
  const hash = createHash("sha256");
  for (const [split, people] of Object.entries(parts)) {
    hash.update(`${split}\n`);
    for (const { name, pictures } of people)
      hash.update(`${JSON.stringify([name, pictures.map(({ id }) => id)])}\n`);
  }
  return hash.digest("hex");
}
