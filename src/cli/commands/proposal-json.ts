import type { Writable } from "node:stream";
import type { FoveaError } from "../../core/index.ts";
import type { ProposalEvaluation } from "../../detect/index.ts";
import type { ProposalsOptions } from "./detect-proposals.ts";
import type { Drawings, NamedObject } from "./proposal-drawings.ts";

/** What was found in one file. */
export interface FileProposals extends Partial<Drawings> {
  file: string;
  width: number;
  height: number;
  blobs: number;
  /** Corners `[N, 4]` in pixels. */
  boxes: Float32Array;
  objects?: NamedObject[];
}

/** What was done, and what could not be. */
export interface Outcome {
  results: FileProposals[];
  failures: FoveaError[];
  evaluation?: ProposalEvaluation;
}

/**
 * The outcome as one JSON value in pieces, a picture each on a line of its own: of some thousands of pictures it is longer than
 * a string can be.
 */
export function* jsonPieces(
  { results, failures, evaluation }: Outcome,
  { mode, most, seed }: Pick<ProposalsOptions, "mode" | "most" | "seed">,
): Generator<string> {
  for (const [name, value] of Object.entries({ mode, most, seed, evaluation })) {
    if (value !== undefined) yield `${name === "mode" ? "{" : ","}\n  "${name}": ${JSON.stringify(value)}`;
  }
  yield ',\n  "pictures": [';
  for (const [i, { boxes, ...result }] of results.entries()) {
    yield `${i > 0 ? "," : ""}\n    ${JSON.stringify({ ...result, boxes: rowsOf(boxes) })}`;
  }
  const told = failures.map(({ code, message }) => ({ code, message }));
  yield `${results.length > 0 ? "\n  " : ""}],\n  "failures": ${JSON.stringify(told)}\n}\n`;
}

/**
 * Writes pieces as fast as their reader takes them. One that reads no more ends the writing, not the command: what closed
 * pipes mean is said elsewhere, and what is wrong with files is still to be told.
 *
 * @param stream default stdout
 */
export async function printPieces(
  pieces: Iterable<string>,
  stream: Pick<Writable, "write"> = process.stdout,
): Promise<void> {
  for (const piece of pieces) {
    const error = await new Promise<Error | null | undefined>((written) => stream.write(piece, written));
    if (error) return;
  }
}

function rowsOf(boxes: Float32Array): number[][] {
  return Array.from({ length: boxes.length / 4 }, (_, i) =>
    Array.from(boxes.subarray(4 * i, 4 * i + 4), (corner) => Number(corner.toFixed(2))),
  );
}
