/**
 * The one error type that Fovea throws on purpose. Its message is a complete sentence for the person at
 * the keyboard: it names the thing, the value and the remedy. Its `code` is stable, for programs.
 */
export class FoveaError extends Error {
  /** Stable, kebab-case identifier of the kind of failure, for example `image-unreadable`. */
  readonly code: string;

  constructor(code: string, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = "FoveaError";
    this.code = code;
  }
}

/** One line that says what went wrong, from whatever was thrown. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
