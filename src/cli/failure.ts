import { FoveaError, messageOf } from "../core/index.ts";
import { ExitCode } from "./exit-code.ts";

/** What a command that failed tells the person (on stderr) and the shell. */
export interface Failure {
  exitCode: number;
  /** One line with its line end, followed by the stack when that was asked for. */
  text: string;
}

/** Code of the FoveaError that a command throws after it was stopped by Ctrl-C and has saved its work. */
export const INTERRUPTED = "interrupted";

/**
 * Turns whatever a command threw into one sentence (of several errors: one each) and an exit code.
 *
 * @param options.stack - Print the stack, causes included, after the sentence (`FOVEA_DEBUG=1`).
 */
export function describeFailure(thrown: unknown, options: { stack: boolean }): Failure {
  if (thrown instanceof AggregateError && thrown.errors.length > 0) {
    const failures = thrown.errors.map((error) => describeFailure(error, options));
    const exitCode = Math.max(...failures.map((failure) => failure.exitCode));
    return { exitCode, text: failures.map(({ text }) => text).join("") };
  }
  const { exitCode, sentence } = classify(thrown);
  const stack = options.stack && thrown instanceof Error ? `${stackWithCauses(thrown)}\n` : "";
  return { exitCode, text: `fovea: ${oneLine(sentence)}\n${stack}` };
}

function classify(thrown: unknown): { exitCode: number; sentence: string } {
  if (thrown instanceof FoveaError) {
    const exitCode = thrown.code === INTERRUPTED ? ExitCode.interrupted : ExitCode.failure;
    return { exitCode, sentence: thrown.message };
  }
  if (isSystemError(thrown)) {
    const sentence = systemSentence(thrown);
    if (sentence !== undefined) return { exitCode: ExitCode.failure, sentence };
  }
  const sentence = `Unexpected error: ${withoutFullStop(messageOf(thrown))}; FOVEA_DEBUG=1 shows where it came from.`;
  return { exitCode: ExitCode.fault, sentence };
}

interface SystemError extends Error {
  code: string;
  path?: string;
  dest?: string;
}

function isSystemError(thrown: unknown): thrown is SystemError {
  return thrown instanceof Error && /^E[A-Z0-9]+$/.test(String((thrown as { code?: unknown }).code));
}

/** What the operating system refused, in a sentence with the path; undefined for codes that say little. */
function systemSentence({ code, path, dest }: SystemError): string | undefined {
  const target = dest ?? path;
  const at = target === undefined ? "" : ` ${target}`;
  switch (code) {
    case "ENOSPC":
    case "EDQUOT":
      return `No space is left on the disk${target === undefined ? "" : ` for${at}`}; free some and run the command again.`;
    case "EACCES":
    case "EPERM":
      return `Permission denied${target === undefined ? "" : ` for${at}`}; check its owner and mode.`;
    case "EROFS":
      return `The file system${target === undefined ? "" : ` of${at}`} is read-only; choose another place with --out.`;
    case "EMFILE":
    case "ENFILE":
      return `Too many files are open${target === undefined ? "" : ` to open${at}`}; raise the limit (ulimit -n) and run the command again.`;
    case "ENOENT":
      return target === undefined ? undefined : `${target} does not exist.`;
    case "EISDIR":
      return `${target ?? "The given path"} is a folder, a file was expected.`;
    case "ENOTDIR":
      return `${target ?? "The given path"} goes through a file as if it were a folder.`;
    case "EEXIST":
      return `${target ?? "The given path"} exists already.`;
    default:
      return undefined;
  }
}

function stackWithCauses(error: Error): string {
  const stack = error.stack ?? error.message;
  return error.cause instanceof Error ? `${stack}\nCaused by: ${stackWithCauses(error.cause)}` : stack;
}

function oneLine(text: string): string {
  return text.trim().replace(/\s*[\r\n]+\s*/g, " ");
}

function withoutFullStop(text: string): string {
  return text.trim().replace(/\.$/, "");
}
