import { ExitCode } from "./exit-code.ts";

/** A stream that people read: stdout or stderr. */
export interface ReadStream {
  on(event: "error", listener: (error: NodeJS.ErrnoException) => void): unknown;
}

/**
 * Lets work go on to its end when nobody reads what it prints any more (`fovea … | head`): a training must save, and
 * files must be written, whoever listens. What stderr cannot take is lost without a word; there is nobody to tell.
 *
 * @returns says, at the end, what the process ends with: `code`, or 141 where that is 0 and results were lost
 */
export function outliveReaders(stdout: ReadStream, stderr: ReadStream): (code: number) => number {
  let resultsLost = false;
  stderr.on("error", () => {});
  stdout.on("error", (error) => {
    if (error.code !== "EPIPE") throw error;
    resultsLost = true;
  });
  return (code) => (resultsLost && code === ExitCode.ok ? ExitCode.closedPipe : code);
}
