import { basename, dirname, extname, join } from "node:path";
import { FoveaError } from "../../core/index.ts";
import { isFile, isFolder, listEntries, readText } from "../folder.ts";
import { splitOfWords } from "../split-names.ts";
import type { PointFormat, ReadPoints } from "./dataset.ts";
import { DESCRIPTION_NAMES } from "./description.ts";
import { readCocoPoints } from "./read-coco.ts";
import { readPointTables } from "./read-csv.ts";
import { readPtsFolder } from "./read-pts.ts";

/**
 * Finds out what a path holds and reads it.
 * @param path as it was given, for messages; `root` is the same, absolute
 * @throws FoveaError `folder-missing`, `dataset-format`; what the readers throw
 */
export async function readPoints(
  path: string,
  root: string,
): Promise<{ format: PointFormat; read: ReadPoints }> {
  if (await isFile(root)) {
    const extension = extname(root).toLowerCase();
    if ([".csv", ".tsv"].includes(extension)) return { format: "csv", read: await readPointTables([root]) };
    if (extension === ".json") return { format: "coco", read: await readCocoPoints(dirname(root), [root]) };
    throw new FoveaError(
      "dataset-format",
      `\`${path}\` holds no points: give a .csv, a COCO .json, or a folder with one of them or with .pts files.`,
    );
  }
  if (!(await isFolder(root))) {
    throw new FoveaError(
      "folder-missing",
      `There is no folder or file \`${path}\`: check the path and the spelling.`,
    );
  }
  const tables = bySplit(path, await filesIn(root, [".csv", ".tsv"]));
  const keypoints = bySplit(path, await keypointFiles(root));
  const pts = await readPtsFolder(root);
  const found = [
    tables.length > 0 && "tables",
    keypoints.length > 0 && "COCO files",
    pts.count > 0 && ".pts files",
  ].filter(Boolean);
  if (found.length !== 1) {
    const what =
      found.length === 0
        ? "has no points (a .csv, COCO keypoints in a .json, or .pts files beside pictures)"
        : `has ${found.join(" and ")}`;
    throw new FoveaError("dataset-format", `\`${path}\` ${what}: name the file that holds the points.`);
  }
  if (tables.length > 0) return { format: "csv", read: await readPointTables(tables) };
  if (keypoints.length > 0) return { format: "coco", read: await readCocoPoints(root, keypoints) };
  return { format: "pts", read: pts };
}

async function filesIn(folder: string, extensions: readonly string[]): Promise<string[]> {
  const names = (await listEntries(folder)).filter((name) =>
    extensions.includes(extname(name).toLowerCase()),
  );
  return names.filter((name) => !DESCRIPTION_NAMES.includes(name)).map((name) => join(folder, name));
}

/** Those that tell splits by their names if there are such, else the only one. */
function bySplit(path: string, files: readonly string[]): string[] {
  if (files.length < 2) return [...files];
  const named = files.filter((file) => splitOfWords(basename(file, extname(file))) !== undefined);
  if (named.length > 0) return named;
  const names = files.map((file) => `\`${basename(file)}\``).join(" and ");
  throw new FoveaError(
    "dataset-format",
    `\`${path}\` has ${names}: name the one that holds the points, or call them train and val.`,
  );
}

async function keypointFiles(root: string): Promise<string[]> {
  const files = [
    ...(await filesIn(root, [".json"])),
    ...(await filesIn(join(root, "annotations"), [".json"])),
  ];
  const texts = await Promise.all(files.map((file) => readText(file)));
  return files.filter((_, i) => texts[i].includes('"keypoints"') && texts[i].includes('"images"'));
}
