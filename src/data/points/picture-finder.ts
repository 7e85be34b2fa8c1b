import { posix } from "node:path";
import { PICTURE_EXTENSIONS } from "../../image/index.ts";
import { listFiles } from "../folder.ts";

/** Finds the pictures that labels name, by their path from the data's folder or by their bare name. */
export class PictureFinder {
  readonly #folder: string;
  readonly #files: ReadonlySet<string>;
  readonly #byName = new Map<string, string[]>();
  readonly #byStem = new Map<string, string>();

  private constructor(folder: string, files: readonly string[]) {
    this.#folder = folder;
    this.#files = new Set(files);
    const rankOf = (file: string) => PICTURE_EXTENSIONS.indexOf(posix.extname(file).toLowerCase());
    for (const file of files) {
      const stem = withoutExtension(file);
      const other = this.#byStem.get(stem);
      if (other === undefined || rankOf(file) < rankOf(other)) this.#byStem.set(stem, file);
      for (const name of [posix.basename(file), withoutExtension(posix.basename(file))]) {
        this.#byName.set(name, [...(this.#byName.get(name) ?? []), file]);
      }
    }
  }

  static async read(folder: string): Promise<PictureFinder> {
    return new PictureFinder(folder, await listFiles(folder, PICTURE_EXTENSIONS));
  }

  /** Absolute path of the picture; undefined where there is none, or where several are called so. */
  find(name: string): string | undefined {
    const path = posix.normalize(name.trim().replaceAll("\\", "/"));
    for (const candidate of [path, `images/${path}`]) {
      if (this.#files.has(candidate)) return posix.join(this.#folder, candidate);
    }
    const namesakes = this.#byName.get(posix.basename(path)) ?? [];
    return namesakes.length === 1 ? posix.join(this.#folder, namesakes[0]) : undefined;
  }

  /** Absolute path of the picture that lies beside a file and has its name; `stem` is its path without extension. */
  findBeside(stem: string): string | undefined {
    const file = this.#byStem.get(stem);
    return file === undefined ? undefined : posix.join(this.#folder, file);
  }
}

/** A path without its last extension. */
export function withoutExtension(path: string): string {
  return path.slice(0, path.length - posix.extname(path).length);
}
