import { posix } from "node:path";
import type { Problem, SplitName } from "../dataset.ts";
import { splitOfName } from "../split-names.ts";
import { withoutPictureExtension } from "./picture-index.ts";
import type { SplitList } from "./split-lists.ts";
import type { VocXml } from "./voc-xml.ts";

/** An annotation and its picture, or one of them and what is wrong. */
export interface VocEntry {
  /** Relative paths without extension by which lists may call it, the picture's first. */
  stems: string[];
  /** Absolute path of the annotation, or of the picture without one. */
  file: string;
  /** Absolute path of the picture. */
  path?: string;
  content?: VocXml;
  problem?: Problem;
}

/** An entry that belongs to the data set, and the split it is put in. */
export interface ChosenEntry {
  entry: VocEntry;
  id: string;
  split?: SplitName;
}

/** Which entries belong to the data set and to which of its splits, by its lists or else by its folders. */
export function chooseEntries(
  entries: readonly VocEntry[],
  lists: readonly SplitList[],
  problems: Problem[],
): { chosen: ChosenEntry[]; declaredSplits: Set<SplitName> } {
  const listed = lists.length > 0;
  const chosen = listed ? chooseListed(entries, lists, problems) : chooseAll(entries);
  const declared = (listed ? lists : chosen).map(({ split }) => split);
  return { chosen, declaredSplits: new Set(declared.filter((split) => split !== undefined)) };
}

/** An annotation's relative path without its extension: what it belongs to may be called `a.jpg`, or `a` by a file `a.jpg`. */
export function annotationStem(path: string): string {
  return path.replace(/\.xml$/i, "");
}

/** What a path may stand for: a name, which may end as a picture's does, or else the name of a picture. */
function stemsOf(path: string): string[] {
  const stem = annotationStem(path);
  return [...new Set([stem, withoutPictureExtension(stem)])];
}

/** The entries that the lists name, each in the split that takes precedence. */
function chooseListed(
  entries: readonly VocEntry[],
  lists: readonly SplitList[],
  problems: Problem[],
): ChosenEntry[] {
  const byStem = new Map<string, VocEntry>();
  const byName = new Map<string, VocEntry | "ambiguous">();
  for (const entry of [...entries].reverse()) for (const stem of entry.stems) byStem.set(stem, entry);
  for (const entry of entries) {
    for (const name of new Set(entry.stems.map((stem) => posix.basename(stem)))) {
      byName.set(name, byName.has(name) ? "ambiguous" : entry);
    }
  }
  const find = (line: string): VocEntry | undefined => {
    const stems = stemsOf(line.replaceAll("\\", "/").replace(/^\.\//, ""));
    const entry = stems.map((stem) => byStem.get(stem)).find((found) => found !== undefined);
    if (entry) return entry;
    const namesake = stems
      .map((stem) => byName.get(posix.basename(stem)))
      .find((found) => found !== undefined);
    return namesake === "ambiguous" ? undefined : namesake;
  };

  const chosen = new Map<VocEntry, ChosenEntry>();
  for (const { split, file, lines } of lists) {
    for (const line of lines) {
      // A second column, as in the challenge's lists of one class, is not part of the name.
      const entry = find(line) ?? find(line.split(/\s+/)[0]);
      const earlier = entry && chosen.get(entry);
      if (entry === undefined) {
        const detail = `\`${line}\` is neither an annotation nor a picture: line skipped.`;
        problems.push({ kind: "picture-missing", file, detail });
      } else if (earlier) {
        const detail = `\`${line}\` is already listed for ${earlier.split ?? "trainval"}: line skipped.`;
        problems.push({ kind: "duplicate", file, detail });
      } else {
        chosen.set(entry, { entry, id: entry.stems[0], split });
      }
    }
  }
  const complete = lists.some(({ split }) => split === "train" || split === undefined);
  const rest = complete ? [] : entries.filter((entry) => !chosen.has(entry));
  return [...chosen.values(), ...rest.map((entry) => ({ entry, id: entry.stems[0] }))];
}

/** Every entry, in the split whose folder it lies in, if all that can be used lie in such folders. */
function chooseAll(entries: readonly VocEntry[]): ChosenEntry[] {
  const chosen = entries.map((entry) => {
    const slash = entry.stems[0].indexOf("/");
    const split = splitOfName(entry.stems[0].slice(0, Math.max(0, slash)));
    return { entry, id: entry.stems[0].slice(slash + 1), split };
  });
  const inFolders = chosen.every(({ entry, split }) => split !== undefined || entry.problem !== undefined);
  return inFolders ? chosen : entries.map((entry) => ({ entry, id: entry.stems[0] }));
}
