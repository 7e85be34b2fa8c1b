import { extname, join, posix } from "node:path";
import { groupBy } from "../../core/index.ts";
import { listFiles } from "../folder.ts";
import { NAMED_EXTENSIONS } from "../picture-names.ts";

/** A path without the extension of a picture; other dots stay (`v1.2_cat.jpg` → `v1.2_cat`). */
export function withoutPictureExtension(path: string): string {
  const extension = extname(path);
  return NAMED_EXTENSIONS.includes(extension.toLowerCase()) ? path.slice(0, -extension.length) : path;
}

/** The pictures below a folder, found by their relative path, with or without extension, or by their bare name. */
export class PictureIndex {
  /** Absolute path. */
  readonly folder: string;
  /** Relative paths with `/`, sorted. */
  readonly files: readonly string[];
  readonly #files: ReadonlySet<string>;
  readonly #byStem: ReadonlyMap<string, string[]>;
  readonly #byName: ReadonlyMap<string, string[]>;

  constructor(folder: string, files: readonly string[]) {
    this.folder = folder;
    this.files = files;
    this.#files = new Set(files);
    this.#byStem = groupedBy(files, withoutPictureExtension);
    this.#byName = groupedBy(files, posix.basename);
  }

  static async read(folder: string): Promise<PictureIndex> {
    return new PictureIndex(folder, await listFiles(folder, NAMED_EXTENSIONS));
  }

  has(file: string): boolean {
    return this.#files.has(file);
  }

  /** Pictures whose relative path without extension is `stem`. */
  withStem(stem: string): readonly string[] {
    return this.#byStem.get(stem) ?? [];
  }

  /** Pictures called `name` in any folder. */
  withName(name: string): readonly string[] {
    return this.#byName.get(name) ?? [];
  }

  absolute(file: string): string {
    return join(this.folder, file);
  }
}

function groupedBy(files: readonly string[], keyOf: (file: string) => string): Map<string, string[]> {
  return new Map(groupBy(files, keyOf).map((group) => [keyOf(group[0]), group]));
}
