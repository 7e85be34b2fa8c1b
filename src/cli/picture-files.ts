import { existsSync } from "node:fs";
import { basename, extname, join, resolve } from "node:path";
import { FoveaError, realPath } from "../core/index.ts";
import { listPictures } from "../image/index.ts";
import { INTERRUPTED } from "./failure.ts";
import { formatCount, formatDuration } from "./format.ts";
import { requireWritableFolder } from "./new-folder.ts";

/** The files that patterns name, and what is wrong with patterns that name none. */
export async function listFiles(
  patterns: readonly string[],
): Promise<{ files: string[]; failures: FoveaError[] }> {
  const failures: FoveaError[] = [];
  const files = new Map<string, string>();
  for (const pattern of patterns) {
    try {
      for (const file of await listPictures([pattern])) files.set(resolve(file), file);
    } catch (error) {
      if (!(error instanceof FoveaError)) throw error;
      failures.push(error);
    }
  }
  return { files: [...files.values()], failures };
}

/** Formats that are written as they were read; the others become PNG. */
const KEPT_EXTENSIONS: readonly string[] = [".jpg", ".jpeg", ".png", ".webp"];

/** What the commands that draw into a folder write beside their drawings: a folder with one of these is theirs. */
const RESULT_FILES: readonly string[] = [
  "detections.json",
  "landmarks.json",
  "localizations.json",
  "faces.json",
  "proposals.json",
];

/**
 * Where each file's drawing goes: its name in `out`, with a number where two files are called the same. Drawings of an
 * earlier run may be replaced, pictures of others not.
 *
 * @param results folder of the file that tells of the run; default `out`
 * @throws FoveaError `output-is-input` where a picture would be written over itself or another one; `output-exists` where
 *   one is in `out` that no earlier run made
 */
export function nameDrawings(
  files: readonly string[],
  out: string,
  results: string = out,
): Map<string, string> {
  const inputs = new Set(files.map(realPath));
  const isOwn = RESULT_FILES.some((name) => existsSync(join(results, name)));
  const taken = new Set<string>();
  const drawings = new Map<string, string>();
  for (const file of files) {
    const extension = extname(file);
    const stem = basename(file, extension);
    const written = KEPT_EXTENSIONS.includes(extension.toLowerCase()) ? extension : ".png";
    let name = `${stem}${written}`;
    for (let copy = 2; taken.has(name.toLowerCase()); copy++) name = `${stem}-${copy}${written}`;
    taken.add(name.toLowerCase());
    const path = join(out, name);
    if (inputs.has(realPath(path))) {
      throw new FoveaError(
        "output-is-input",
        `${path} would be written over by its drawing; choose another folder with --out.`,
      );
    }
    if (!isOwn && existsSync(path)) {
      throw new FoveaError("output-exists", `${path} exists already; choose another folder with --out.`);
    }
    drawings.set(file, path);
  }
  return drawings;
}

/**
 * Where each file's drawing goes in a folder for results, which must be one that can be written to; undefined without one.
 *
 * @throws FoveaError `output-unwritable`, and as {@link nameDrawings}
 */
export async function prepareDrawings(
  files: readonly string[],
  out: string | undefined,
): Promise<Map<string, string> | undefined> {
  if (out === undefined) return undefined;
  const drawings = nameDrawings(files, out);
  await requireWritableFolder(out);
  return drawings;
}

/** What became of the files that a command went through. */
export interface FilesEnd {
  /** How many were done, of how many. */
  done: number;
  total: number;
  failures: readonly FoveaError[];
  /** Whether the command was stopped before the last one. */
  interrupted: boolean;
}

/**
 * Ends a command that went through files, after it printed what it found: what keeps the file of results from being written
 * keeps nothing else from being told.
 *
 * @param write writes the file of results, where one was asked for
 * @throws AggregateError of what was wrong with writing and with files, or that not all were looked at
 */
export async function endFiles(
  { done, total, failures, interrupted }: FilesEnd,
  write: () => Promise<void>,
): Promise<void> {
  const wrong: FoveaError[] = [];
  await write().catch((error) => {
    if (!(error instanceof FoveaError)) throw error;
    wrong.push(error);
  });
  const share = `${done} of ${formatCount(total, "picture")}`;
  const stopped = `Stopped after ${share}; run the command again for all of them.`;
  wrong.push(...(interrupted ? [new FoveaError(INTERRUPTED, stopped)] : failures));
  if (wrong.length > 0) throw new AggregateError(wrong);
}

/** Why one picture cannot be looked at, which keeps no other from being; what else goes wrong is thrown. */
export function asFailure(file: string, thrown: unknown): FoveaError {
  if (!(thrown instanceof FoveaError) || thrown.code === "run-failed") throw thrown; // the engine's fault, not the file's
  return new FoveaError(thrown.code, `${file}: ${thrown.message}`, { cause: thrown });
}

/** How many pictures were done, in how long. */
export function throughput(pictures: number, elapsedMs: number): string {
  const rate = (pictures / elapsedMs) * 1_000;
  return `${formatCount(pictures, "picture")} in ${formatDuration(elapsedMs)}, ${rate.toFixed(1)} a second`;
}
