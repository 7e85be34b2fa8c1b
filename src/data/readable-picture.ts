import { FoveaError } from "../core/index.ts";
import type { Picture, PictureMemory } from "../image/index.ts";
import type { Problem } from "./dataset.ts";

/** A picture to measure on; undefined, and a word to `onProblem`, where it cannot be read: one must not end a training. */
export async function readablePicture(
  path: string,
  memory: PictureMemory,
  onProblem?: (problem: Problem) => void,
): Promise<Picture | undefined> {
  try {
    return await memory.get(path, () => path);
  } catch (error) {
    if (!(error instanceof FoveaError)) throw error;
    onProblem?.({ kind: "picture-unreadable", file: path, detail: error.message });
    return undefined;
  }
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
