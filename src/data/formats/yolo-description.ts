import { existsSync } from "node:fs";
import { dirname } from "node:path";
import { parse } from "yaml";
import { FoveaError, messageOf } from "../../core/index.ts";
import type { SplitName } from "../dataset.ts";
import { readText } from "../folder.ts";
import { SPLIT_ALIASES, SPLIT_NAMES } from "../split-names.ts";
import { tidyClassName } from "./class-name.ts";
import { readNamesList } from "./yolo-names-list.ts";
import { placesOf } from "./yolo-places.ts";

/** What a YOLO set's `data.yaml` says. */
export interface YoloDescription {
  /** Class names. */
  classes: string[];
  /** Index into `classes` by the number in label files; they differ where `names` is a map with gaps. */
  classOfNumber: Map<number, number>;
  /** Each split's folders, lists or pictures; undefined where the file does not name it. */
  splits: Partial<Record<SplitName, YoloPlace[]>>;
  /** Whether the label files hold key points behind the boxes (`kpt_shape`). */
  keypoints: boolean;
}

/** A folder, list or picture that the file names. */
export interface YoloPlace {
  /** Absolute path; nothing need be there. */
  path: string;
  /** Where the file names it, for example `train`, and how. */
  key: string;
  written: string;
}

/**
 * Reads a `data.yaml`, or what stands for it where there is none: a list of classes, one a line.
 *
 * @throws `dataset-yaml` if it is not YAML or has no usable `names`
 */
export async function readYoloDescription(file: string): Promise<YoloDescription> {
  if (!/\.ya?ml$/i.test(file)) {
    const { classes, splits } = await readNamesList(file);
    return { ...numbered(readNames(classes, file)), splits, keypoints: false };
  }
  let content: Record<string, unknown>;
  try {
    content = (parse(await readText(file)) ?? {}) as Record<string, unknown>;
  } catch (error) {
    const reason = messageOf(error);
    const remedy = reason.includes("escape sequence") ? "in double quotes write `/` for `\\`. " : "";
    throw new FoveaError("dataset-yaml", `\`${file}\` is not YAML: ${remedy}${reason}`, { cause: error });
  }
  const names = readNames(content.names, file);
  const splits = SPLIT_NAMES.map((split) => {
    const key = SPLIT_ALIASES[split].find((alias) => content[alias] != null);
    return [split, key && readPlaces(key, content, file)];
  });
  return {
    ...numbered(names),
    splits: Object.fromEntries(splits),
    keypoints: content.kpt_shape != null,
  };
}

function numbered(names: readonly [number, string][]): Pick<YoloDescription, "classes" | "classOfNumber"> {
  return {
    classes: names.map(([, name]) => name),
    classOfNumber: new Map(names.map(([number], i) => [number, i])),
  };
}

/** Pairs of number and name, by number. */
function readNames(names: unknown, file: string): [number, string][] {
  const isMap = typeof names === "object" && names !== null;
  const pairs = Object.entries(isMap ? names : {}).map(([key, name]): [number, string] => [
    Number(key),
    tidyClassName(String(name)) || key,
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

/** What an entry names, a path or a list of paths, relative to `path:` or, where that is not on this machine, to the file. */
function readPlaces(key: string, content: Record<string, unknown>, file: string): YoloPlace[] {
  const { [key]: entry, path: base } = content;
  const folder = dirname(file);
  const bases = typeof base === "string" ? [...placesOf(base, [folder]), folder] : [folder];
  return (Array.isArray(entry) ? entry : [entry]).map((value) => {
    const written = String(value);
    const places = placesOf(written, bases);
    return { path: places.find((place) => existsSync(place)) ?? places[0], key, written };
  });
}
