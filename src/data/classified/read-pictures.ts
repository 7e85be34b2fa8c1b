import { extname, join } from "node:path";
import { FoveaError } from "../../core/index.ts";
import { PICTURE_EXTENSIONS } from "../../image/index.ts";
import { listFiles } from "../folder.ts";
import { splitOfName } from "../split-names.ts";
import type { ClassifiedPicture, PictureBytes, ReadExample } from "./dataset.ts";
import { indexTar } from "./tar-index.ts";

/** Labelled pictures as they were found. */
export type FoundPictures = ReadExample<ClassifiedPicture>[];

/** Pictures in folders: `class/name.jpg`, under `train`, `val` and `test` where the set has splits. */
export async function readPictureFolder(root: string): Promise<FoundPictures> {
  const files = await listFiles(root, PICTURE_EXTENSIONS);
  return files.flatMap((path) => labelled(path, { file: join(root, path) }));
}

/** Pictures in a tar file, laid out as in folders. */
export async function readPictureTar(path: string): Promise<FoundPictures> {
  const entries = await indexTar(path);
  const pictures = entries.filter((entry) => PICTURE_EXTENSIONS.includes(extname(entry.path).toLowerCase()));
  const found = pictures.flatMap(({ path: inside, offset, length }) =>
    labelled(inside.replace(/^\.\//, ""), { file: path, offset, length }),
  );
  if (found.length > 0) return found;
  throw new FoveaError(
    "dataset-empty",
    `Archive \`${path}\` has ${entries.length} files and no labelled picture among them: it must hold class/name.jpg.`,
  );
}

/** A picture is of the class that its folder is named after; what lies in no folder has no label. */
function labelled(path: string, bytes: PictureBytes): FoundPictures {
  const parts = path.split("/");
  if (parts.length < 2) return [];
  const split = splitOfName(parts[0]);
  const within = split && parts.length > 2 ? parts.slice(1) : parts;
  // Sets are often packed with a folder around them, and some with `images/` below each class.
  const label = within.length > 2 && within.at(-2) === "images" ? within.at(-3)! : within.at(-2)!;
  return [{ id: path, label, bytes, ...(within !== parts && { split }) }];
}
