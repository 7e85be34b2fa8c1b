/** What the process says to the shell when it ends. */
export const ExitCode = {
  /** All went well. */
  ok: 0,
  /** The work could not be done, or not all of it: bad data, a missing file, a full disk. */
  failure: 1,
  /** The command line itself was wrong. */
  usage: 2,
  /** A fault of the program (`EX_SOFTWARE` of sysexits.h). */
  fault: 70,
  /** Ended by Ctrl-C (128 + SIGINT). */
  interrupted: 130,
  /** All was done, but the reader of stdout left before the results were printed (128 + SIGPIPE). */
  closedPipe: 141,
} as const;
