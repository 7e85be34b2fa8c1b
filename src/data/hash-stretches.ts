import { hash } from "node:crypto";
import { open } from "node:fs/promises";
import { mapParallel } from "./parallel.ts";

/** A part of a file, in bytes. */
export interface Stretch {
  file: string;
  offset: number;
  length: number;
}

/** Stretches of a file are read at once where no more bytes lie between them, and not more than these in all. */
const [LARGEST_GAP, LARGEST_READ] = [16_384, 4_194_304];

/**
 * Hashes of stretches of bytes, in their order; undefined for one that cannot be read to its end.
 *
 * @param onHashed told how many more of them are done
 */
export async function hashStretches(
  stretches: readonly Stretch[],
  onHashed?: (more: number) => void,
): Promise<(string | undefined)[]> {
  const hashes = new Array<string | undefined>(stretches.length);
  await mapParallel(neighbours(stretches), async (run) => {
    const start = run[0].offset;
    const bytes = await readFrom({ file: run[0].file, offset: start, length: endOf(run) - start });
    for (const { index, offset, length } of run) {
      const stretch = bytes.subarray(offset - start, offset - start + length);
      if (stretch.length === length) hashes[index] = hash("sha256", stretch, "base64");
    }
    onHashed?.(run.length);
  });
  return hashes;
}

type Indexed = Stretch & { index: number };

/** Stretches that are read at once, each with its place in the list. */
function neighbours(stretches: readonly Stretch[]): Indexed[][] {
  const sorted = stretches
    .map((stretch, index) => ({ ...stretch, index }))
    .sort((a, b) => (a.file === b.file ? a.offset - b.offset : a.file < b.file ? -1 : 1));
  const runs: Indexed[][] = [];
  let end = 0;
  for (const stretch of sorted) {
    const run = runs.at(-1);
    const newEnd = Math.max(end, stretch.offset + stretch.length);
    const joins =
      run !== undefined &&
      run[0].file === stretch.file &&
      stretch.offset - end <= LARGEST_GAP &&
      newEnd - run[0].offset <= LARGEST_READ;
    if (joins) run.push(stretch);
    else runs.push([stretch]);
    end = joins ? newEnd : stretch.offset + stretch.length;
  }
  return runs;
}

function endOf(run: readonly Stretch[]): number {
  return run.reduce((end, { offset, length }) => Math.max(end, offset + length), 0);
}

/** The bytes that are there: none if the file cannot be read. */
async function readFrom({ file, offset, length }: Stretch): Promise<Uint8Array> {
  const handle = await open(file).catch(() => undefined);
  if (!handle) return new Uint8Array();
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.allocUnsafe(length), 0, length, offset);
    return buffer.subarray(0, bytesRead);
  } catch {
    return new Uint8Array();
  } finally {
    await handle.close();
  }
}
