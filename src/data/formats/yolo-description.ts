import { existsSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { parse } from "yaml";
import { FoveaError, messageOf } from "../../core/index.ts";
import type { SplitName } from "../dataset.ts";
import { readText } from "../folder.ts";
import { SPLIT_ALIASES, SPLIT_NAMES } from "../split-names.ts";

/** What a YOLO set's `data.yaml` says. */
export interface YoloDescription {
  /** Class names. */
  classes: string[];
  /** Index into `classes` by the number in label files; they differ where `names` is a map with gaps. */
  classOfNumber: Map<number, number>;
  /** Absolute paths of each split's folders, lists or pictures; undefined where the file does not name it. */
  splits: Record<SplitName, string[] | undefined>;
  /** Whether the label files hold key points behind the boxes (`kpt_shape`). */
  keypoints: boolean;
}

/**
 * Reads a `data.yaml`.
 *
 * @throws `dataset-yaml` if it is not YAML or has no usable `names`
 */
export async function readYoloDescription(file: string): Promise<YoloDescription> {
  let content: Record<string, unknown>;
  try {
    content = (parse(await readText(file)) ?? {}) as Record<string, unknown>;
  } catch (error) {
    throw new FoveaError("dataset-yaml", `\`${file}\` is not YAML: ${messageOf(error)}`, { cause: error });
  }
  const names = readNames(content.names, file);
  const splits = SPLIT_NAMES.map((split) => {
    const key = SPLIT_ALIASES[split].find((alias) => content[alias] != null);
    return [split, key && readPlaces(content[key], content.path, file)];
  });
  return {
    classes: names.map(([, name]) => name),
    classOfNumber: new Map(names.map(([number], i) => [number, i])),
    splits: Object.fromEntries(splits),
    keypoints: content.kpt_shape != null,
  };
}

/** Pairs of number and name, by number. */
function readNames(names: unknown, file: string): [number, string][] {
  const isMap = typeof names === "object" && names !== null;
  const pairs = Object.entries(isMap ? names : {}).map(([key, name]): [number, string] => [
    Number(key),
    String(name).trim(),
  ]);
  const words = pairs.map(([, name]) => name);
  const repeated = words.find((name, i) => words.indexOf(name) < i);
  const fault =
    pairs.length === 0
      ? "has no `names`"
      : pairs.some(([number]) => !Number.isInteger(number))
        ? "has a `names` whose keys are not whole numbers"
        : repeated !== undefined && `has the name "${repeated}" twice in \`names\``;
  if (!fault) return pairs.sort(([a], [b]) => a - b);
  throw new FoveaError(
    "dataset-yaml",
    `\`${file}\` ${fault}: list the classes once each, as \`names: [cat, dog]\` or \`names: {0: cat, 1: dog}\`.`,
  );
}

/**
 * The absolute paths of an entry, which is a path or a list of paths, relative to `path:` or, where that is
 * not on this machine, to the file. Exports of Roboflow say `../train/images` for `train/images`.
 */
function readPlaces(entry: unknown, base: unknown, file: string): string[] {
  const folder = dirname(file);
  const bases = typeof base === "string" ? [resolve(folder, base), folder] : [folder];
  return (Array.isArray(entry) ? entry : [entry]).map((value) => {
    const place = String(value);
    const inside = place.replace(/^(\.\.\/)+/, "");
    const candidates = [place, inside].flatMap((path) => bases.map((from) => resolve(from, path)));
    return candidates.find((candidate) => existsSync(candidate)) ?? candidates[0];
  });
}
