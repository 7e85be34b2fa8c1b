import { access } from "node:fs/promises";
import { join } from "node:path";
import { FoveaError } from "../core/index.ts";
import { INTERRUPTED } from "./failure.ts";
import { formatDuration } from "./format.ts";

/**
 * A run must not be written over by mistake, it may have taken hours; and none can be resumed that is not
 * there.
 */
export async function requireRunFolder({ out, resume }: { out: string; resume?: boolean }): Promise<void> {
  const checkpoint = join(out, "checkpoint.fovea");
  const exists = await access(checkpoint).then(
    () => true,
    () => false,
  );
  if (exists && !resume) {
    throw new FoveaError(
      "output-exists",
      `${out} holds a run already; go on with --resume, or name a new folder.`,
    );
  }
  if (!exists && resume) {
    throw new FoveaError(
      "checkpoint-missing",
      `There is no checkpoint ${checkpoint} to resume from; start the run without --resume.`,
    );
  }
}

/** What an interrupted training ends with: how to go on. */
export function interruptedRun(
  command: string,
  data: string,
  out: string,
  { elapsedMs }: { elapsedMs: number },
): FoveaError {
  return new FoveaError(
    INTERRUPTED,
    `Stopped after ${formatDuration(elapsedMs)} of training, all of it saved; go on with: fovea ${command} ${data} --out ${out} --resume`,
  );
}
