import type { SplitName } from "../dataset.ts";
import { splitOfEnd, splitOfName } from "../split-names.ts";

/** The split whose folder a file lies in. */
export interface InSplit {
  split: SplitName;
  /** How many folders lie above the split's. */
  depth: number;
  /** The folders within the split's, and the file's name. */
  within: readonly string[];
}

/** What a folder's name says. */
interface Named {
  split: SplitName;
  /** What stands before the split's name: `seg_` of `seg_train`, nothing of `train`. */
  before: string;
}

/**
 * The folders of splits among those of a data set: called `train`, `val` or `test`, or so behind the same name, where
 * such lie side by side (`seg_train`, `seg_test`; a `bullet_train` alone is none). Archives wrap them into other
 * folders, and repeat them (`seg_train/seg_train/…`).
 */
export class SplitFolders {
  /** What the names of folders say, by name; for speed. */
  readonly #names = new Map<string, Named | undefined>();
  /** The splits that folders side by side name, by their path without the split's name. */
  readonly #splitsOf = new Map<string, Set<SplitName>>();
  /** What lies in a folder that names a split; undefined for more than one thing. */
  readonly #onlyChildOf = new Map<string, string | undefined>();

  /** @param paths relative paths of files, with `/` */
  constructor(paths: readonly string[]) {
    for (const path of paths) {
      const parts = path.split("/");
      for (let i = 0; i < parts.length - 1; i++) {
        const named = this.#named(parts[i]);
        if (!named) continue;
        const family = familyOf(parts, i, named);
        const splits = this.#splitsOf.get(family);
        if (splits) splits.add(named.split);
        else this.#splitsOf.set(family, new Set([named.split]));
        const folder = folderOf(parts, i + 1);
        const child = parts[i + 1];
        const isOnly = !this.#onlyChildOf.has(folder) || this.#onlyChildOf.get(folder) === child;
        this.#onlyChildOf.set(folder, isOnly ? child : undefined);
      }
    }
  }

  /**
   * The outermost split's folder that a file lies in and that suits; else the outermost one; undefined for none.
   *
   * @param parts the file's folders and its name
   */
  find(parts: readonly string[], suits: (within: readonly string[]) => boolean): InSplit | undefined {
    let first: InSplit | undefined;
    for (let i = 0; i < parts.length - 1; i++) {
      const named = this.#named(parts[i]);
      if (!named) continue;
      const isPlain = named.before === "";
      if (!isPlain && this.#splitsOf.get(familyOf(parts, i, named))!.size < 2) continue;
      const found = { split: named.split, depth: i, within: this.#within(parts, i + 1, named.split) };
      if (suits(found.within)) return found;
      first ??= found;
    }
    return first;
  }

  /** What is left of a path in a split's folder, without repetitions of that folder. */
  #within(parts: readonly string[], start: number, split: SplitName): readonly string[] {
    let inside = start;
    while (
      inside < parts.length - 1 &&
      this.#named(parts[inside])?.split === split &&
      this.#onlyChildOf.get(folderOf(parts, inside)) === parts[inside]
    ) {
      inside++;
    }
    return parts.slice(inside);
  }

  #named(name: string): Named | undefined {
    if (!this.#names.has(name)) {
      const split = splitOfEnd(name);
      const isPlain = splitOfName(name) !== undefined;
      const before = isPlain ? "" : name.slice(0, Math.max(name.lastIndexOf("_"), name.lastIndexOf("-")) + 1);
      this.#names.set(name, split && { split, before });
    }
    return this.#names.get(name);
  }
}

/** The path of a folder that names a split, without the split's name. */
function familyOf(parts: readonly string[], depth: number, { before }: Named): string {
  return `${folderOf(parts, depth)}/${before}`;
}

function folderOf(parts: readonly string[], depth: number): string {
  return parts.slice(0, depth).join("/");
}
