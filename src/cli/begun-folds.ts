import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Command } from "commander";
import type { BegunFolds } from "../classify/index.ts";
import { FoveaError } from "../core/index.ts";
import { resumeLine } from "./command-line.ts";
import { INTERRUPTED } from "./failure.ts";
import { type GlobalOptions, givenBeside } from "./options.ts";
import { note } from "./output.ts";
import { hasCheckpoint } from "./run-folder.ts";

/** What a cross-validation that goes on is told anew; all else is as it began. */
const TOLD_ANEW = new Set(["out", "resume", "threads", "device", "workers", "json", "quiet"]);

/**
 * The cross-validation in a run's folder that did not come to the training on all examples. Says which options have no
 * effect where it goes on.
 *
 * @throws FoveaError `output-exists` where it is not to go on
 */
export async function findBegunFolds(
  { out, resume, quiet }: GlobalOptions & { out: string; resume?: boolean },
  command: Command,
): Promise<BegunFolds | undefined> {
  if (!existsSync(join(out, "folds.json")) || hasCheckpoint(out)) return undefined;
  if (!resume) {
    throw new FoveaError(
      "output-exists",
      `${out} holds a cross-validation already; go on with --resume, or name a new folder.`,
    );
  }
  const idle = givenBeside(command, TOLD_ANEW);
  if (idle.length > 0) {
    note(
      `${idle.join(", ")}: no effect with --resume, all folds have the settings that the first one began with.`,
      { quiet },
    );
  }
  const { readBegunFolds } = await import("../classify/index.ts");
  return readBegunFolds(out);
}

/** What an interrupted cross-validation ends with: how to go on, with the options that it does not remember. */
export function interruptedFolds(command: Command): FoveaError {
  const idle = command.options.filter((option) => !TOLD_ANEW.has(option.attributeName()));
  return new FoveaError(
    INTERRUPTED,
    `Stopped while cross-validating, all of it saved; go on with: ${resumeLine(undefined, idle)}`,
  );
}
