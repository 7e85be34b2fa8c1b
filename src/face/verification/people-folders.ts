import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { FoveaError, messageOf } from "../../core/index.ts";
import { listPictures } from "../../image/index.ts";

/** A person with pictures. */
export interface PersonPictures {
  name: string;
  /** Paths, in natural order. */
  pictures: string[];
}

/**
 * The people of a folder with one folder of pictures for each, or a link to one, by name. Folders without pictures are left
 * out, and those with a name that begins with a dot.
 *
 * @throws FoveaError `folder-missing`, `people-too-few` for none
 */
export async function readPeopleFolders(folder: string): Promise<PersonPictures[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((cause: unknown) => {
    throw new FoveaError("folder-missing", `Folder \`${folder}\` cannot be read (${messageOf(cause)}).`, {
      cause,
    });
  });
  const names = entries
    .filter((entry) => !entry.name.startsWith(".") && (entry.isDirectory() || entry.isSymbolicLink()))
    .map(({ name }) => name)
    .sort();
  const people: PersonPictures[] = [];
  for (const name of names) {
    if (!(await isFolder(join(folder, name)))) continue;
    const pictures = await picturesIn(join(folder, name));
    if (pictures.length > 0) people.push({ name, pictures });
  }
  if (people.length === 0) {
    throw new FoveaError(
      "people-too-few",
      `Folder \`${folder}\` has no folders with pictures: put the pictures into folders named after people (${join(folder, "Ada", "1.jpg")}).`,
    );
  }
  return people;
}

/**
 * The people of such a folder, of whom pairs can be made.
 *
 * @throws FoveaError `folder-missing`, `people-too-few` for fewer than two people, or where nobody has two pictures
 */
export async function readPairedPeople(folder: string): Promise<PersonPictures[]> {
  const people = await readPeopleFolders(folder);
  const several = people.filter(({ pictures }) => pictures.length > 1).length;
  if (people.length >= 2 && several > 0) return people;
  throw new FoveaError(
    "people-too-few",
    `Folder \`${folder}\` has ${people.length} people in folders of their own, of whom ${several} have two pictures or more: put the pictures into folders named after people, at least two of them, one with two pictures.`,
  );
}

/** Also behind a link. */
async function isFolder(path: string): Promise<boolean> {
  const entry = await stat(path).catch(() => undefined);
  return entry?.isDirectory() ?? false;
}

async function picturesIn(folder: string): Promise<string[]> {
  try {
    return await listPictures([folder]);
  } catch (error) {
    if (error instanceof FoveaError && error.code === "folder-empty") return [];
    throw error;
  }
}
