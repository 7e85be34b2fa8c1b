import { dirname, join } from "node:path";
import type { Problem } from "../dataset.ts";
import { isFile, readText } from "../folder.ts";
import { unreadable } from "./dataset-errors.ts";
import { type NpyArray, npyNumbers, npyTexts } from "./npy.ts";

/** Labels by name, and the names in order if a `classes.txt` declares them. */
export interface NamedLabels {
  labels: string[];
  classes?: string[];
}

/**
 * The labels of an array, `[N]` texts or whole numbers. A `classes.txt` beside the file names the classes, the
 * first line that of number 0, or gives the order of texts. One that does not fit the labels is left aside, which
 * becomes a problem; numbers are then the classes' names.
 *
 * @throws FoveaError `dataset-unreadable` for labels that are no whole numbers
 */
export async function nameLabels(array: NpyArray, path: string, problems: Problem[]): Promise<NamedLabels> {
  const texts = npyTexts(array)?.map((text) => text.trim().normalize("NFC"));
  const numbers = texts ? [] : Array.from<number | bigint>(npyNumbers(array));
  const odd = numbers.find((number) => typeof number === "number" && !Number.isInteger(number));
  if (odd !== undefined) {
    throw unreadable(array.name, `label ${odd} is no whole number; save labels as integers or texts`);
  }
  const labels = texts ?? numbers.map(String);
  const file = join(dirname(path), "classes.txt");
  if (!(await isFile(file))) return { labels };
  const classes = (await readText(file))
    .trimEnd()
    .split(/\r\n|\r|\n/)
    .map((name) => name.trim().normalize("NFC"));
  const known = new Set(texts ? classes : classes.map((_, i) => String(i)));
  const unknown = labels.find((label) => !known.has(label));
  const double = classes.find((name, i) => classes.indexOf(name) !== i);
  const blank = classes.indexOf("");
  const fault =
    blank >= 0
      ? `Line ${blank + 1} is blank`
      : double !== undefined
        ? `Class \`${double}\` is named twice`
        : unknown !== undefined
          ? `${classes.length} lines have no class for label \`${unknown}\``
          : undefined;
  if (fault === undefined) return { labels: texts ?? numbers.map((i) => classes[Number(i)]), classes };
  const detail = `${fault}: not used, the labels stand for themselves. Write one class name in each line.`;
  problems.push({ kind: "annotation-unreadable", file, detail });
  return { labels };
}
