import { FoveaError } from "../core/index.ts";
import type { DetectionDataset, DetectionSample } from "../data/index.ts";
import { decodePicture, type PictureMemory } from "../image/index.ts";
import { rememberProposals } from "./given-proposals.ts";
import { ProposalWorkers } from "./proposals/index.ts";
import { type ProposalUse, withProposals } from "./rcnn/index.ts";

/** How a data set is searched. */
export interface SearchOptions {
  /** Threads; default: one for each processor. */
  workers?: number;
  signal?: AbortSignal;
  onProgress?: (done: number, total: number) => void;
}

/**
 * The training samples with their proposals; those of the validation pictures are remembered with the pictures. A
 * picture that cannot be read has none: the batch loader says so and takes another.
 *
 * @throws FoveaError `interrupted` where the signal aborts
 */
export async function searchSamples(
  { splits: { train, val }, classes }: DetectionDataset,
  pictures: PictureMemory,
  use: ProposalUse,
  { workers: count, signal, onProgress }: SearchOptions,
): Promise<DetectionSample[]> {
  const workers = new ProposalWorkers(count);
  const samples = [...val, ...train];
  const found = new Array<Float32Array>(samples.length);
  let [next, done] = [0, 0];
  const work = async () => {
    while (next < samples.length && !signal?.aborted) {
      const index = next++;
      found[index] = await search(samples[index], index < val.length, pictures, use, workers);
      onProgress?.(++done, samples.length);
    }
  };
  try {
    await Promise.all(Array.from({ length: workers.count }, work));
  } finally {
    await workers.close();
  }
  if (signal?.aborted) {
    throw new FoveaError(
      "interrupted",
      "Stopped while pictures were searched for proposals, before the first step; run the command again.",
    );
  }
  return withProposals(train, found.slice(val.length), classes.length);
}

async function search(
  { path }: DetectionSample,
  kept: boolean,
  pictures: PictureMemory,
  use: ProposalUse,
  workers: ProposalWorkers,
): Promise<Float32Array> {
  try {
    const picture = kept ? await pictures.get(path, () => path) : await decodePicture(path);
    const { boxes } = await workers.propose(picture, use);
    if (kept) rememberProposals(picture, use, boxes);
    return boxes;
  } catch (error) {
    if (error instanceof FoveaError && error.code.startsWith("picture-")) return new Float32Array(0);
    throw error;
  }
}
