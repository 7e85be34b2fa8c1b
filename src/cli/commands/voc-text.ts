import { readdir, readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { FoveaError, messageOf } from "../../core/index.ts";
import { type Xyxy, xywhToXyxy } from "../../geometry/index.ts";
import type { DetectedPicture, DetectedPictures } from "../../metrics/index.ts";

/** How the four numbers of a box are meant: top-left corner and size, or two corners. */
export type BoxLayout = "xywh" | "xyxy";

/** What a line of a file says, for reading it and for the message when it does not. */
interface LineFormat {
  pattern: string;
  numberCount: number;
  /** Whether the word `difficult` may end the line. */
  mayBeDifficult: boolean;
}

/** One line: a class, its numbers (the box comes last), and VOC's mark. */
interface Row {
  className: string;
  numbers: number[];
  difficult: boolean;
}

const BOX_FIELDS: Record<BoxLayout, string> = { xywh: "x y width height", xyxy: "x1 y1 x2 y2" };

/**
 * Reads ground truth and detections that are stored as text, one file per picture, the same name in both
 * folders: lines `class x y width height` (`difficult` may follow) and `class score x y width height`.
 * A picture without a file of detections has none.
 *
 * @throws FoveaError `voc-text-unreadable`, `voc-text-invalid`, `voc-text-unmatched`
 */
export async function readVocText(
  truthFolder: string,
  detectionFolder: string,
  layout: BoxLayout,
): Promise<DetectedPictures> {
  const box = BOX_FIELDS[layout];
  const truths = await readFolder(truthFolder, {
    pattern: `class ${box} [difficult]`,
    numberCount: 4,
    mayBeDifficult: true,
  });
  const found = await readFolder(detectionFolder, {
    pattern: `class score ${box}`,
    numberCount: 5,
    mayBeDifficult: false,
  });
  requireCounterparts(truths, found, truthFolder, detectionFolder);

  const rows = [...truths.values(), ...found.values()].flat();
  const classes = [...new Set(rows.map((row) => row.className))].sort();
  const indexOf = new Map(classes.map((name, index) => [name, index]));
  const pictures = [...truths].map(
    ([id, objects]): DetectedPicture => ({
      id,
      boxes: objects.map(({ className, numbers, difficult }) => ({
        classIndex: indexOf.get(className)!,
        box: boxOf(numbers, layout),
        difficult,
      })),
      detections: (found.get(id) ?? []).map(({ className, numbers }) => ({
        classIndex: indexOf.get(className)!,
        score: numbers[0],
        box: boxOf(numbers, layout),
      })),
    }),
  );
  return { classes, pictures };
}

function boxOf(numbers: readonly number[], layout: BoxLayout): Xyxy {
  const [a, b, c, d] = numbers.slice(-4);
  return layout === "xywh" ? xywhToXyxy([a, b, c, d]) : [a, b, c, d];
}

/** The rows of every .txt file of a folder, by the file's name without extension. */
async function readFolder(folder: string, format: LineFormat): Promise<Map<string, Row[]>> {
  const entries = await readdir(folder).catch((cause) => throwUnreadable(folder, cause));
  const names = entries.filter((name) => name.endsWith(".txt")).sort();
  if (names.length === 0) {
    throw new FoveaError("voc-text-unreadable", `${folder} has no .txt files; one per picture is expected.`);
  }
  const rows = new Map<string, Row[]>();
  for (const name of names) {
    const path = join(folder, name);
    const text = await readFile(path, "utf8").catch((cause) => throwUnreadable(path, cause));
    rows.set(basename(name, ".txt"), parseRows(text, path, format));
  }
  return rows;
}

function parseRows(text: string, path: string, format: LineFormat): Row[] {
  const rows: Row[] = [];
  for (const [index, line] of text.split("\n").entries()) {
    if (line.trim() === "") continue;
    const row = parseRow(line.trim(), format);
    if (row === undefined) {
      const found = line.trim().slice(0, 60);
      throw new FoveaError(
        "voc-text-invalid",
        `${path}:${index + 1} must read "${format.pattern}", but is "${found}".`,
      );
    }
    rows.push(row);
  }
  return rows;
}

function parseRow(line: string, { numberCount, mayBeDifficult }: LineFormat): Row | undefined {
  const [className, ...fields] = line.split(/\s+/);
  const difficult = mayBeDifficult && fields.at(-1) === "difficult";
  const numbers = (difficult ? fields.slice(0, -1) : fields).map(Number);
  const isWhole = numbers.length === numberCount && numbers.every(Number.isFinite);
  return isWhole ? { className, numbers, difficult } : undefined;
}

/** Detections of a picture that the ground truth does not list are a mistake, not false alarms. */
function requireCounterparts(
  truths: ReadonlyMap<string, unknown>,
  found: ReadonlyMap<string, unknown>,
  truthFolder: string,
  detectionFolder: string,
): void {
  for (const id of found.keys()) {
    if (truths.has(id)) continue;
    throw new FoveaError(
      "voc-text-unmatched",
      `${join(detectionFolder, `${id}.txt`)} has no file of the same name in ${truthFolder}.`,
    );
  }
}

function throwUnreadable(path: string, cause: unknown): never {
  const reason = (cause as NodeJS.ErrnoException).code === "ENOENT" ? "it does not exist" : messageOf(cause);
  throw new FoveaError("voc-text-unreadable", `${path} cannot be read: ${reason}.`, { cause });
}
