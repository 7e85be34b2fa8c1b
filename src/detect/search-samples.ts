import { FoveaError } from "../core/index.ts";
import type { DetectionDataset, DetectionSample } from "../data/index.ts";
import { decodePicture, type PictureMemory } from "../image/index.ts";
import { rememberProposals } from "./given-proposals.ts";
import { ProposalStore } from "./proposal-store.ts";
import { ProposalWorkers } from "./proposals/index.ts";
import { type ProposalUse, withProposals } from "./rcnn/index.ts";

/** How a data set is searched. */
export interface SearchOptions {
  /** File that keeps what was found, and may hold it already. */
  store: string;
  /** Threads; default: one for each processor. */
  workers?: number;
  signal?: AbortSignal;
  onProgress?: (done: number, total: number) => void;
}

/**
 * The training samples with their proposals; those of the validation pictures are remembered with the pictures. A
 * picture that cannot be read has none: the batch loader says so and takes another. What was found is kept, also where
 * the search stops early, and is not searched for again.
 *
 * @throws FoveaError `interrupted` where the signal aborts
 */
export async function searchSamples(
  { splits: { train, val }, classes, fingerprint }: DetectionDataset,
  pictures: PictureMemory,
  use: ProposalUse,
  { store: file, workers: count, signal, onProgress }: SearchOptions,
): Promise<DetectionSample[]> {
  const store = await ProposalStore.open(file, { ...use, data: fingerprint });
  const workers = new ProposalWorkers(count);
  const samples = [...val, ...train];
  const found = new Array<Float32Array>(samples.length);
  let [next, done] = [0, 0];
  const work = async () => {
    while (next < samples.length && !signal?.aborted) {
      const index = next++;
      const memory = index < val.length ? pictures : undefined;
      found[index] = await search(samples[index], { store, memory, use, workers });
      onProgress?.(++done, samples.length);
    }
  };
  try {
    await Promise.all(Array.from({ length: workers.count }, work));
  } finally {
    await workers.close();
    await store.save();
  }
  if (signal?.aborted) {
    throw new FoveaError(
      "interrupted",
      `Stopped after ${done} of ${samples.length} pictures had been searched for proposals, before the first step; the same command goes on with the rest.`,
    );
  }
  return withProposals(train, found.slice(val.length), classes.length);
}

/** What a search needs; pictures that are looked at again stay in `memory`, their proposals with them. */
interface Search {
  store: ProposalStore;
  memory: PictureMemory | undefined;
  use: ProposalUse;
  workers: ProposalWorkers;
}

async function search({ id, path }: DetectionSample, search: Search): Promise<Float32Array> {
  const { store, memory, use, workers } = search;
  const stored = store.get(id);
  if (stored && !memory) return stored;
  try {
    const picture = memory ? await memory.get(path, () => path) : await decodePicture(path);
    const boxes = stored ?? (await workers.propose(picture, use)).boxes;
    if (memory) rememberProposals(picture, use, boxes);
    store.set(id, boxes);
    return boxes;
  } catch (error) {
    if (error instanceof FoveaError && error.code.startsWith("picture-")) return new Float32Array(0);
    throw error;
  }
}
