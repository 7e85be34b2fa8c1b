import { readFile, stat } from "node:fs/promises";
import { join, normalize } from "node:path";
import { FoveaError, messageOf } from "../../core/index.ts";
import { readTable } from "../../data/index.ts";
import { readLfwRows } from "./lfw-pairs.ts";
import { readPairRows } from "./pair-rows.ts";

/** Two pictures, and whether they show one person. */
export interface FacePair {
  /** Paths below the folder of pictures, or absolute. */
  a: string;
  b: string;
  same: boolean;
  /** The fold that it belongs to, where the list says so. */
  fold?: number;
  /** Its line in the list. */
  line: number;
}

/** A list of pairs to verify. */
export interface PairList {
  /** The file that it was read from. */
  path: string;
  /** Folder below which the pictures lie. */
  images: string;
  pairs: FacePair[];
}

/** Sentences that one reads; the rest is counted. */
const MOST_SENTENCES = 20;

/**
 * Reads pairs of pictures: a table with the header `image_a,image_b,same`, perhaps with a column `fold`, or the original
 * `pairs.txt` of Labeled Faces in the Wild. Nothing is skipped, as a figure of fewer pairs would be another one: whatever is
 * wrong with a row is told, all at once.
 *
 * @param images folder below which the pictures lie
 * @throws FoveaError `pairs-missing`, `pairs-format`, `pairs-empty`
 * @throws AggregateError of FoveaErrors `pairs-row`, `pairs-same-picture`, `pairs-contradict`, `picture-missing`
 */
export async function readPairs(path: string, images: string): Promise<PairList> {
  const rows = readTable((await readText(path)).replace(/^\uFEFF/, ""));
  if (rows.length === 0) {
    throw new FoveaError(
      "pairs-empty",
      `${path} is empty: write the header image_a,image_b,same and a pair in each line below it.`,
    );
  }
  const isLfw = rows[0].cells.length <= 2 && rows[0].cells.every((cell) => /^\d+$/.test(cell));
  const read = isLfw ? await readLfwRows(rows, path, images) : readPairRows(rows, path);
  const errors = [...read.errors, ...findContradictions(read.pairs, path)];
  errors.push(...(await findMissing(read.pairs, path, images)));
  if (errors.length > 0) throw new AggregateError(shortened(errors, path), `${path} has bad rows.`);
  if (read.pairs.length === 0) {
    throw new FoveaError(
      "pairs-empty",
      `${path} has a header, but no pairs: write one in each line below it.`,
    );
  }
  return { path, images, pairs: read.pairs };
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (cause) {
    const missing = (cause as NodeJS.ErrnoException).code === "ENOENT";
    const why = missing
      ? "does not exist: check the path and the spelling"
      : `cannot be read (${messageOf(cause)})`;
    throw new FoveaError("pairs-missing", `The list of pairs \`${path}\` ${why}.`, { cause });
  }
}

/** Pairs that are listed as same and as different. */
function findContradictions(pairs: readonly FacePair[], path: string): FoveaError[] {
  const seen = new Map<string, FacePair>();
  return pairs.flatMap((pair) => {
    const key = [normalize(pair.a), normalize(pair.b)].sort().join("\n");
    const other = seen.get(key);
    seen.set(key, other ?? pair);
    if (!other || other.same === pair.same) return [];
    return new FoveaError(
      "pairs-contradict",
      `${path}:${pair.line}: ${pair.a} and ${pair.b} are ${pair.same ? "the same" : "different"} here, but not in line ${other.line}; correct one of both.`,
    );
  });
}

/** A sentence for each picture that is not there. */
async function findMissing(pairs: readonly FacePair[], path: string, images: string): Promise<FoveaError[]> {
  const lines = new Map<string, number>();
  for (const { a, b, line } of pairs) {
    for (const name of [a, b]) if (!lines.has(name)) lines.set(name, line);
  }
  const checked = await Promise.all(
    Array.from(lines, async ([name, line]) => {
      const file = await stat(pictureOf(images, name)).catch(() => undefined);
      return file?.isFile() ? [] : [{ name, line }];
    }),
  );
  const missing = checked.flat();
  if (missing.length > 1 && missing.length === lines.size) {
    return [
      new FoveaError(
        "picture-missing",
        `${path}: none of its ${missing.length.toLocaleString("en-US")} pictures is below \`${images}\`, not even ${missing[0].name}; give the folder of the pictures with --images.`,
      ),
    ];
  }
  return missing.map(
    ({ name, line }) =>
      new FoveaError(
        "picture-missing",
        `${path}:${line}: picture \`${pictureOf(images, name)}\` does not exist; check its name.`,
      ),
  );
}

/** The file of a picture that a list names. */
export function pictureOf(images: string, name: string): string {
  return /^(?:[a-z]:)?[\\/]/i.test(name) ? name : join(images, name);
}

function shortened(errors: readonly FoveaError[], path: string): FoveaError[] {
  if (errors.length <= MOST_SENTENCES) return [...errors];
  const more = errors.length - MOST_SENTENCES;
  return [
    ...errors.slice(0, MOST_SENTENCES),
    new FoveaError(
      "pairs-row",
      `${path}: ${more.toLocaleString("en-US")} more rows or pictures are wrong; mend these first.`,
    ),
  ];
}
