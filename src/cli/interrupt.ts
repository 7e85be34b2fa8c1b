import { ExitCode } from "./exit-code.ts";

/** Ctrl-C as an AbortSignal. */
export interface Interrupt {
  /** Aborts at the first Ctrl-C (SIGINT) or SIGTERM. */
  readonly signal: AbortSignal;
  /** Stops listening; the next Ctrl-C ends the process as usual. */
  dispose(): void;
}

/**
 * Lets a command finish its step and save at the first Ctrl-C; the second ends the process at once.
 *
 * @param onFirst - Called at the first Ctrl-C, to say what happens now.
 */
export function listenForInterrupt(onFirst: () => void): Interrupt {
  const controller = new AbortController();
  const onSignal = (): void => {
    if (controller.signal.aborted) process.exit(ExitCode.interrupted);
    controller.abort();
    onFirst();
  };
  process.on("SIGINT", onSignal);
  process.on("SIGTERM", onSignal);
  return {
    signal: controller.signal,
    dispose() {
      process.off("SIGINT", onSignal);
      process.off("SIGTERM", onSignal);
    },
  };
}
