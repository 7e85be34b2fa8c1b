import { dirname, extname } from "node:path";
import { FoveaError } from "../../core/index.ts";
import { PICTURE_EXTENSIONS } from "../../image/index.ts";
import { NAMED_EXTENSIONS } from "../picture-names.ts";
import type { ExampleKind } from "./dataset.ts";
import { listExampleFiles } from "./example-files.ts";

/** Ends of the names of tables of sequences, in small letters. */
export const TABLES: readonly string[] = [".tsv", ".csv"];
/** Ends of the names of files with a volume each, and of packed ones. */
export const VOLUME_ENDS: readonly string[] = [".npy", ".nii", ".gz"];
const VOLUMES = /\.(npy|nii|nii\.gz)$/i;

/** What lies in a folder's folders. */
export interface FoundKind {
  kind: ExampleKind;
  /** A few files of other kinds among them, as paths relative to the folder. */
  strays: string[];
}

/**
 * The kind of the files that lie in a folder's folders; undefined if there are none. Files of another kind are strays where
 * they are fewer in each of their folders.
 *
 * @param name what the error calls the folder
 * @throws FoveaError `dataset-format` for files of several kinds
 */
export async function kindInFolders(root: string, name: string): Promise<FoundKind | undefined> {
  const files = (await listExampleFiles(root, [...NAMED_EXTENSIONS, ...TABLES, ...VOLUME_ENDS])).filter(
    (file) => file.includes("/"),
  );
  const byKind: [kind: ExampleKind, files: string[]][] = [
    ["volumes", files.filter((file) => VOLUMES.test(file))],
    ["sequences", files.filter(isTable)],
    ["pictures", files.filter((file) => PICTURE_EXTENSIONS.includes(extname(file).toLowerCase()))],
  ];
  const found = byKind.filter(([, ofKind]) => ofKind.length > 0);
  // Pictures of kinds that cannot be read make a data set to speak of only where there is nothing else.
  const isNamed = (file: string) => NAMED_EXTENSIONS.includes(extname(file).toLowerCase());
  if (found.length === 0) return files.some(isNamed) ? { kind: "pictures", strays: [] } : undefined;
  const [kind, most] = found.reduce((best, one) => (one[1].length > best[1].length ? one : best));
  const count = countByFolder(most);
  const strays = found.flatMap(([other, others]) => (other === kind ? [] : [...countByFolder(others)]));
  if (strays.every(([folder, number]) => number < (count.get(folder) ?? 0))) {
    return { kind, strays: found.flatMap(([other, others]) => (other === kind ? [] : others)) };
  }
  const [[first, [one]], [second, [another]]] = found;
  throw new FoveaError(
    "dataset-format",
    `\`${name}\` mixes ${first} (\`${one}\`) and ${second} (\`${another}\`): keep files of one kind in a data set's folders.`,
  );
}

/** How many of the files lie in each folder. */
function countByFolder(files: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const file of files) counts.set(dirname(file), (counts.get(dirname(file)) ?? 0) + 1);
  return counts;
}

/** Whether a file is a table of sequences by its name. */
export function isTable(entry: string): boolean {
  return TABLES.includes(extname(entry).toLowerCase());
}
