import { formatDuration } from "./format.ts";

/** Where progress goes: stderr, or a stand-in for it. */
export interface ProgressStream {
  write(text: string): unknown;
  isTTY?: boolean;
  columns?: number;
}

export interface ProgressOptions {
  /** What is being done, for example "Detecting". */
  label: string;
  /** Amount of work, in any unit > 0: files, steps, milliseconds. */
  total: number;
  /** Amount that was done before this run, for example by a run that is resumed. @default 0 */
  from?: number;
  /** Say nothing. @default false */
  quiet?: boolean;
  /** @default process.stderr */
  stream?: ProgressStream;
  /** Clock in milliseconds. @default performance.now */
  now?: () => number;
}

export interface Progress {
  /** Reports that `done` of `total` is done, with a few words about it. Cheap enough for every step. */
  update(done: number, text?: string): void;
  /** Ends the progress; what was done may be said in one line. */
  done(text?: string): void;
}

/** Work shorter than this needs no progress. */
const PATIENCE_MS = { terminal: 500, log: 2_000 };
/** Time from one report to the next. */
const INTERVAL_MS = { terminal: 100, log: 10_000 };
const BAR_CELLS = 24;
const ERASE_LINE = "\r\u001b[K";

/** Erases the line of progress that is on the terminal, where one is. */
let eraseShown: (() => void) | undefined;

/** Makes room for words on the terminal: erases the progress that is shown there, which its next report draws anew. */
export function eraseProgress(): void {
  eraseShown?.();
}

/**
 * Progress on stderr with the time that is left: on a terminal one line that is rewritten, elsewhere a line
 * every ten seconds; nothing for work that is over at once. Stdout belongs to results and is never touched.
 */
export function createProgress(options: ProgressOptions): Progress {
  const { label, total, from = 0, quiet = false } = options;
  const stream: ProgressStream = options.stream ?? process.stderr;
  const now = options.now ?? (() => performance.now());
  const rewrites = stream.isTTY === true && process.env.TERM !== "dumb";
  const medium = rewrites ? "terminal" : "log";
  const started = now();
  let nextReport = started + PATIENCE_MS[medium];
  let lineOnScreen = false;

  const erase = (): void => {
    if (lineOnScreen) stream.write(ERASE_LINE);
    lineOnScreen = false;
    if (eraseShown === erase) eraseShown = undefined;
  };

  return {
    update(done, text = "") {
      const time = now();
      if (quiet || time < nextReport) return;
      nextReport = time + INTERVAL_MS[medium];
      const left = timeLeft(time - started, done - from, total - done);
      const line = statusLine({ label, fraction: done / total, left, text, bar: rewrites });
      if (!rewrites) {
        stream.write(`${line}\n`);
        return;
      }
      stream.write(`${ERASE_LINE}${line.slice(0, (stream.columns ?? 80) - 1)}`);
      lineOnScreen = true;
      eraseShown = erase;
    },
    done(text) {
      if (quiet) return;
      erase();
      if (text !== undefined) stream.write(`${text}\n`);
    },
  };
}

/** Milliseconds that are left at the pace so far; undefined while nothing is done. */
function timeLeft(elapsedMs: number, done: number, rest: number): number | undefined {
  return done > 0 ? (elapsedMs / done) * Math.max(0, rest) : undefined;
}

interface Status {
  label: string;
  /** Part that is done, clipped to [0, 1]. */
  fraction: number;
  left: number | undefined;
  text: string;
  bar: boolean;
}

function statusLine({ label, fraction, left, text, bar }: Status): string {
  const part = Math.min(1, Math.max(0, fraction));
  const filled = Math.round(part * BAR_CELLS);
  const cells = bar ? `${"█".repeat(filled)}${"░".repeat(BAR_CELLS - filled)} ` : "";
  const percent = `${Math.floor(part * 100)}%`.padStart(4);
  const eta = left === undefined ? "" : `, ${formatDuration(left)} left`;
  return `${label} ${cells}${percent}${eta}${text === "" ? "" : ` · ${text}`}`;
}
