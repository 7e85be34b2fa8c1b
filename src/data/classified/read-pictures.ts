import { extname, join } from "node:path";
import { FoveaError } from "../../core/index.ts";
import { PICTURE_EXTENSIONS } from "../../image/index.ts";
import type { Problem } from "../dataset.ts";
import { listFiles } from "../folder.ts";
import { splitLevel, splitOfParts, withoutClass } from "./class-folders.ts";
import type { ClassifiedPicture, PictureBytes, ReadExample } from "./dataset.ts";
import { indexTar } from "./tar-index.ts";

/** Labelled pictures as they were found. */
export interface FoundPictures {
  examples: ReadExample<ClassifiedPicture>[];
  problems: Problem[];
}

/** Pictures in folders: `class/name.jpg`, under `train`, `val` and `test` where the set has splits. */
export async function readPictureFolder(root: string): Promise<FoundPictures> {
  const paths = await listFiles(root, PICTURE_EXTENSIONS);
  return label(root, new Map(paths.map((path) => [path, { file: join(root, path) }])));
}

/** Pictures in a tar file, laid out as in folders; in whatever order they were packed, they come sorted by path. */
export async function readPictureTar(path: string): Promise<FoundPictures> {
  const problems: Problem[] = [];
  const entries = await indexTar(path, (entry) => {
    const inside = pathInside(entry.path);
    if (!isPicture(inside)) return;
    const detail = `It is ${entry.what}: skipped. Pack the picture itself.`;
    problems.push({ kind: "picture-unreadable", file: join(path, inside), detail });
  });
  const pictures = entries
    .map(({ path: inside, ...place }) => ({ inside: pathInside(inside), ...place }))
    .filter(({ inside }) => isPicture(inside))
    .sort((a, b) => (a.inside < b.inside ? -1 : 1));
  const bytes = pictures.map(({ inside, ...place }) => [inside, { file: path, ...place }] as const);
  const found = label(path, new Map(bytes));
  found.problems = [...problems, ...found.problems];
  if (found.examples.length > 0) return found;
  const first = problems.length > 0 ? ` First problem, in ${problems[0].file}: ${problems[0].detail}` : "";
  throw new FoveaError(
    "dataset-empty",
    `Archive \`${path}\` has ${entries.length} files and no labelled picture among them: it must hold class/name.jpg.${first}`,
  );
}

function pathInside(path: string): string {
  return path.replace(/^(\.?\/)+/, "");
}

function isPicture(path: string): boolean {
  return PICTURE_EXTENSIONS.includes(extname(path).toLowerCase()) && !isHidden(path);
}

/** Hidden files are left out of folders too; macOS packs one with a picture's attributes beside each picture. */
function isHidden(path: string): boolean {
  return path.split("/").some((part) => part.startsWith("."));
}

/** A picture is of the class that its folder is named after; what lies in no folder has no label. */
function label(root: string, pictures: ReadonlyMap<string, PictureBytes>): FoundPictures {
  const level = splitLevel([...pictures.keys()]);
  const found: FoundPictures = { examples: [], problems: [] };
  for (const [id, bytes] of pictures) {
    const parts = id.split("/");
    if (parts.length < 2) {
      found.problems.push(withoutClass(join(root, id)));
      continue;
    }
    const split = splitOfParts(parts, level);
    const within = split ? parts.slice(level + 1) : parts;
    // Some sets have `images/` below each class.
    const label = within.length > 2 && within.at(-2) === "images" ? within.at(-3)! : within.at(-2)!;
    found.examples.push({ id, label, bytes, ...(split && { split }) });
  }
  return found;
}
