import { readdir } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { Problem } from "../dataset.ts";
import { isFile, listFiles } from "../folder.ts";
import { splitOfName } from "../split-names.ts";
import type { PlacedFile } from "./class-folders.ts";

/** What a training or an evaluation leaves in its folder: nothing that lies there is an example. */
const RESULTS: readonly string[] = ["checkpoint.fovea", "evaluation.json"];
/** The folder in it with what its report shows. */
const PLOTS = "plots";

/** Folders that are no class, as macOS packs one with the attributes of files. */
const NO_CLASSES: readonly string[] = ["__MACOSX"];

/**
 * The files below a folder that have one of the extensions, as sorted relative paths with `/`, without those that a
 * training or an evaluation left there: its folder may lie in that of the data.
 *
 * @param extensions in lower case, for example `.jpg`, `.nii.gz`
 */
export async function listExampleFiles(root: string, extensions: readonly string[]): Promise<string[]> {
  const lastParts = extensions.map((extension) => extension.slice(extension.lastIndexOf(".")));
  const files = await listFiles(root, [...lastParts, ".fovea", ".json"]);
  const results = files.filter((file) => RESULTS.some((name) => file === name || file.endsWith(`/${name}`)));
  // In the data's own folder there are plots besides, and files that lie in no class.
  const left = results.map((file) => (file.includes("/") ? `${dirname(file)}/` : `${PLOTS}/`));
  return files.filter(
    (file) => hasExtension(file, extensions) && !left.some((folder) => file.startsWith(folder)),
  );
}

function hasExtension(file: string, extensions: readonly string[]): boolean {
  const name = file.toLowerCase();
  return extensions.some((extension) => name.endsWith(extension));
}

/**
 * A problem `class-empty` for each folder beside those of classes that holds no example, and nothing that another problem
 * tells of.
 *
 * @param things what an example is, in a sentence: `pictures`
 */
export async function findEmptyFolders(
  root: string,
  placed: readonly PlacedFile[],
  problems: readonly Problem[],
  things: string,
): Promise<Problem[]> {
  const filled = new Set<string>();
  const parents = new Set<string>();
  for (const { id, label } of placed) {
    const parts = id.split("/").slice(0, -1);
    for (let depth = 1; depth <= parts.length; depth++) filled.add(parts.slice(0, depth).join("/"));
    const depth = parts.findLastIndex((part) => part.normalize("NFC") === label);
    if (depth >= 0) parents.add(parts.slice(0, depth).join("/"));
  }
  const empty: Problem[] = [];
  for (const parent of [...parents].sort()) {
    const entries = await readdir(join(root, parent), { withFileTypes: true });
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const folder = parent === "" ? entry.name : `${parent}/${entry.name}`;
      if (!entry.isDirectory() || filled.has(folder) || isNoClass(entry.name)) continue;
      const path = join(root, folder);
      const isTold = problems.some(({ file }) => file.startsWith(join(path, "/")));
      if (isTold || (await holdsResults(path))) continue;
      const detail = `The folder has no ${things}: nothing is learnt or measured of a class \`${entry.name}\` by it.`;
      empty.push({ kind: "class-empty", file: path, detail });
    }
  }
  return empty;
}

function isNoClass(name: string): boolean {
  return name.startsWith(".") || NO_CLASSES.includes(name) || splitOfName(name) !== undefined;
}

async function holdsResults(folder: string): Promise<boolean> {
  const run = basename(folder) === PLOTS ? dirname(folder) : folder;
  const are = await Promise.all(RESULTS.map((name) => isFile(join(run, name))));
  return are.includes(true);
}
