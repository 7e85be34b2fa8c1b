import { existsSync } from "node:fs";
import { stat } from "node:fs/promises";
import { join } from "node:path";
import type { Command } from "commander";
import { FoveaError } from "../core/index.ts";
import { resumeLine } from "./command-line.ts";
import { INTERRUPTED } from "./failure.ts";
import { formatDuration } from "./format.ts";
import { requireWritableFolder } from "./new-folder.ts";
import { givenBeside } from "./options.ts";
import { note } from "./output.ts";

/** What no run remembers: it is told whenever it goes on. */
const UNSAVED = ["out", "resume", "data", "format", "threads", "device", "workers", "json", "quiet"];

/** What a resumed run may be told anew; all else is as it began. */
const TOLD_ANEW = [...UNSAVED, "epochs", "time", "patience", "lr"];

/**
 * A run must not be written over by mistake, it may have taken hours; none can be resumed that is not there; and its folder
 * must be one that can be written to, which is tried before data are read. Says which of the command's options have no effect
 * on a run that is resumed.
 *
 * @param toldAnew options of this command only that a resumed run may be told anew
 */
export async function requireRunFolder(
  { out, resume, quiet }: { out: string; resume?: boolean; quiet?: boolean },
  command: Command,
  toldAnew: readonly string[] = [],
): Promise<void> {
  const checkpoint = checkpointIn(out);
  const exists = await stat(checkpoint).then(
    () => true,
    ({ code }: NodeJS.ErrnoException) => {
      if (code !== "ENOTDIR") return false;
      throw new FoveaError("output-unwritable", `${out} is a file, or goes through one; name a new folder.`);
    },
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
  await requireWritableFolder(out);
  const kept = resume ? givenBeside(command, new Set([...TOLD_ANEW, ...toldAnew])) : [];
  if (kept.length === 0) return;
  note(`${kept.join(", ")}: no effect with --resume, the run goes on with the settings that it began with.`, {
    quiet,
  });
}

/** Whether a folder holds a run that can go on. */
export function hasCheckpoint(out: string): boolean {
  return existsSync(checkpointIn(out));
}

/** Where a run's checkpoint lies; said here, too, because the room that trains takes long to load. */
function checkpointIn(out: string): string {
  return join(out, "checkpoint.fovea");
}

/** What an interrupted training ends with: how to go on, with the options that the run does not remember. */
export function interruptedRun(command: Command, { elapsedMs }: { elapsedMs: number }): FoveaError {
  const idle = command.options.filter((option) => !UNSAVED.includes(option.attributeName()));
  return new FoveaError(
    INTERRUPTED,
    `Stopped after ${formatDuration(elapsedMs)} of training, all of it saved; go on with: ${resumeLine(undefined, idle)}`,
  );
}
