import { join } from "node:path";
import { parse } from "yaml";
import { FoveaError, messageOf } from "../../core/index.ts";
import { isFile, readText } from "../folder.ts";
import type { PointDescription } from "./dataset.ts";

/** Names of the file that describes points, beside the data. */
export const DESCRIPTION_NAMES: readonly string[] = ["points.yaml", "points.yml", "points.json"];

const KEYS = ["points", "pairs", "lines", "interocular", "group", "origin"];

/** What the description in a folder says; nothing where there is none. @throws `points-description` */
export async function readDescription(folder: string): Promise<PointDescription> {
  for (const name of DESCRIPTION_NAMES) {
    const file = join(folder, name);
    if (await isFile(file)) return parseDescription(file, await readText(file));
  }
  return {};
}

function parseDescription(file: string, text: string): PointDescription {
  const refuse = (what: string): never => {
    throw new FoveaError("points-description", `\`${file}\`: ${what}.`);
  };
  let content: unknown;
  try {
    content = parse(text);
  } catch (error) {
    refuse(`it is neither YAML nor JSON (${messageOf(error).split("\n", 1)[0]})`);
  }
  if (typeof content !== "object" || content === null || Array.isArray(content)) {
    refuse(`it must be a list of keys, of which there are ${KEYS.join(", ")}`);
  }
  const fields = content as Record<string, unknown>;
  const unknown = Object.keys(fields).find((key) => !KEYS.includes(key));
  if (unknown !== undefined) refuse(`key \`${unknown}\` is not known; keys are ${KEYS.join(", ")}`);
  const names = (key: string, value: unknown): string[] => {
    if (!Array.isArray(value)) return refuse(`\`${key}\` must be a list of names`);
    return value.map(String);
  };
  const couples = (key: string): [string, string][] | undefined => {
    const value = fields[key];
    if (value === undefined) return undefined;
    if (!Array.isArray(value)) return refuse(`\`${key}\` must be a list of pairs of names`);
    return value.map((pair) => coupleOf(key, pair));
  };
  const coupleOf = (key: string, value: unknown): [string, string] => {
    const pair = names(key, value);
    if (pair.length !== 2) refuse(`\`${key}\` must have two names, not ${pair.length} (${pair.join(", ")})`);
    return [pair[0], pair[1]];
  };
  const { points, interocular, group, origin } = fields;
  if (origin !== undefined && !isOrigin(origin)) refuse(originRule(origin));
  return {
    points: points === undefined ? undefined : names("points", points),
    pairs: couples("pairs"),
    lines: couples("lines"),
    interocular: interocular === undefined ? undefined : coupleOf("interocular", interocular),
    group: group === undefined ? undefined : String(group),
    origin: origin as number | undefined,
  };
}

/** Whether the centre of the first pixel may have this coordinate. */
export function isOrigin(origin: unknown): origin is number {
  return typeof origin === "number" && origin >= 0 && origin <= 2;
}

/** What is wrong with a coordinate of the centre of the first pixel. */
export function originRule(origin: unknown): string {
  return `\`origin\` (=${origin}) must be a number from 0 to 2, the coordinate of the centre of the first pixel`;
}
