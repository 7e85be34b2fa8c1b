import { stat } from "node:fs/promises";
import { groupBy } from "../core/index.ts";
import type { Problem, SplitName } from "./dataset.ts";
import { hashStretches, type Stretch } from "./hash-stretches.ts";
import { mapParallel } from "./parallel.ts";
import { SPLIT_NAMES, SPLIT_PRECEDENCE } from "./split-names.ts";

/** So many bytes at the end of a picture tell it from others of its length: headers are alike, coded pixels are not. */
const TAIL = 4096;

/** Where a picture's bytes lie: a file, or a part of one. */
interface Place {
  file: string;
  /** First byte; 0 by default. */
  offset?: number;
  /** Number of bytes; up to the end by default. */
  length?: number;
}

/**
 * Groups of samples whose pictures are the same byte for byte, each of at least two. Of pictures of equal length the
 * ends are read, and only those with equal ends are read as a whole. What is empty or cannot be read is in no group.
 *
 * @param onProgress told of the work that is done, counted in samples: lengths, ends and wholes are a third of it each
 */
export async function findCopies<Sample>(
  samples: readonly Sample[],
  placeOf: (sample: Sample) => Place,
  onProgress?: (done: number, total: number) => void,
): Promise<Sample[][]> {
  const step = (number: number, of: number) => {
    let done = 0;
    return (more: number) => {
      done += more;
      onProgress?.(Math.floor((samples.length * (number + done / of)) / 3), samples.length);
    };
  };
  const onLength = step(0, samples.length);
  const places = await mapParallel(samples, async (sample) => {
    const { file, offset = 0, length } = placeOf(sample);
    const place = { sample, file, offset, length: length ?? (await sizeOfFile(file)) };
    onLength(1);
    return place;
  });
  const ofOneLength = groupBy(
    places.filter(({ length }) => length > 0),
    ({ length }) => length,
  );
  const alike = ofOneLength.filter(isGroup).flat();
  const endOf = ({ file, offset, length }: Stretch) => {
    const read = Math.min(length, TAIL);
    return { file, offset: offset + length - read, length: read };
  };
  const ofOneEnd = await groupByHash(alike, endOf, step(1, alike.length));
  const short = ofOneEnd.filter(([{ length }]) => length <= TAIL);
  const long = ofOneEnd.filter(([{ length }]) => length > TAIL);
  const wholes = long.flat();
  const copies = [...short, ...(await groupByHash(wholes, (place) => place, step(2, wholes.length)))];
  if (samples.length > 0) onProgress?.(samples.length, samples.length); // there may have been nothing to hash
  return copies.map((group) => group.map(({ sample }) => sample));
}

/** Groups of places that have the same length, and the same bytes in the stretches that are asked for. */
async function groupByHash<P extends Stretch>(
  places: readonly P[],
  stretchOf: (place: P) => Stretch,
  onHashed: (more: number) => void,
): Promise<P[][]> {
  const hashes = await hashStretches(places.map(stretchOf), onHashed);
  const hashed = places.flatMap((place, i) => (hashes[i] === undefined ? [] : [{ place, hash: hashes[i] }]));
  const groups = groupBy(hashed, ({ place, hash }) => `${place.length} ${hash}`);
  return groups.filter(isGroup).map((group) => group.map(({ place }) => place));
}

function isGroup({ length }: readonly unknown[]): boolean {
  return length > 1;
}

async function sizeOfFile(file: string): Promise<number> {
  return (await stat(file).catch(() => undefined))?.size ?? 0;
}

/** How sentences about copies call what is copied, and in what it is the same. */
export interface CopyWords {
  thing: string;
  exactly: string;
}

/** Pictures are the same in all of their files' bytes. */
export const PICTURE_COPIES: CopyWords = { thing: "Picture", exactly: "byte for byte" };

/**
 * A `duplicate` problem for every picture that stands in one split and, byte for byte, in another that takes
 * precedence: what is measured on such a picture says nothing, because it was learnt by heart.
 *
 * @param fileOf the file that problems name
 */
export function reportLeaks<Sample extends { readonly id: string }>(
  splits: Record<SplitName, readonly Sample[]>,
  copies: readonly (readonly Sample[])[],
  fileOf: (sample: Sample) => string,
  { thing, exactly }: CopyWords = PICTURE_COPIES,
): Problem[] {
  const splitOf = new Map(
    SPLIT_NAMES.flatMap((split) => splits[split].map(({ id }) => [id, split] as const)),
  );
  return copies.flatMap((group) => {
    const placed = group.flatMap((sample) => {
      const split = splitOf.get(sample.id);
      return split ? [{ sample, split }] : [];
    });
    const kept = SPLIT_PRECEDENCE.map((split) => placed.find((copy) => copy.split === split)).find(Boolean);
    return placed
      .filter(({ split }) => split !== kept?.split)
      .map(({ sample, split }): Problem => {
        const detail = `${thing} \`${sample.id}\` of ${split} is, ${exactly}, \`${kept!.sample.id}\` of ${kept!.split}: kept, but it leaks.`;
        return { kind: "duplicate", file: fileOf(sample), detail };
      });
  });
}
