import { FoveaError } from "../core/index.ts";
import { type Picture, PictureMemory } from "../image/index.ts";
import type { Problem } from "./dataset.ts";

/** A picture to measure on; undefined, and a word to `onProblem`, where it cannot be read: one must not end a training. */
async function readablePicture(
  path: string,
  memory: PictureMemory,
  onProblem: ReadableOptions["onProblem"],
): Promise<Picture | undefined> {
  try {
    return await memory.get(path, () => path);
  } catch (error) {
    if (!(error instanceof FoveaError)) throw error;
    onProblem?.({ kind: "picture-unreadable", file: path, detail: error.message });
    return undefined;
  }
}

/** How to go through pictures that are measured on. */
export interface ReadableOptions {
  /** Pictures decoded before, by path; what is missing is decoded and, if there is room, kept. */
  pictures?: PictureMemory;
  /** Hears of each picture that cannot be read: it is left out. */
  onProblem?: (problem: Problem) => void;
  onProgress?: (done: number, total: number) => void;
  signal?: AbortSignal;
}

/**
 * Samples with their pictures, without those that cannot be read.
 * @throws FoveaError `split-empty` where there is no other; the signal's reason when it aborts
 */
export async function* readableSamples<Sample extends { path: string }>(
  samples: readonly Sample[],
  { pictures = new PictureMemory(0), onProblem, onProgress, signal }: ReadableOptions,
): AsyncGenerator<{ sample: Sample; picture: Picture }> {
  let found = 0;
  for (const [i, sample] of samples.entries()) {
    signal?.throwIfAborted();
    const picture = await readablePicture(sample.path, pictures, onProblem);
    if (picture) {
      found++;
      yield { sample, picture };
    }
    onProgress?.(i + 1, samples.length);
  }
  if (found > 0 || samples.length === 0) return;
  throw new FoveaError(
    "split-empty",
    `None of ${samples.length} pictures to measure on can be read; the first is \`${samples[0].path}\`.`,
  );
}

/** Tells of each file once: a training measures the same pictures again and again. */
export function oncePerFile(onProblem?: (problem: Problem) => void): (problem: Problem) => void {
  const told = new Set<string>();
  return (problem) => {
    if (told.has(problem.file)) return;
    told.add(problem.file);
    onProblem?.(problem);
  };
}
