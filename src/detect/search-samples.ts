import { stat } from "node:fs/promises";
import { FoveaError } from "../core/index.ts";
import type { DetectionDataset, DetectionSample } from "../data/index.ts";
import { decodePicture } from "../image/index.ts";
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

/** What was found is kept at least so often. */
const SAVE_EVERY_MS = 60_000;

/** What a search found. */
export interface SearchedSamples {
  /** The training samples with their proposals. */
  train: DetectionSample[];
  /** Corners `[N, 4]` of the validation pictures' proposals, by their ids. */
  val: ReadonlyMap<string, Float32Array>;
}

/**
 * Searches the pictures of a data set for proposals. A picture that cannot be read has none: the batch loader says so and
 * takes another. What was found is kept, also where the search stops early, and is not searched for again.
 *
 * @throws FoveaError `interrupted` where the signal aborts
 */
export async function searchSamples(
  { splits: { train, val }, classes }: DetectionDataset,
  use: ProposalUse,
  { store: file, workers: count, signal, onProgress }: SearchOptions,
): Promise<SearchedSamples> {
  const store = await ProposalStore.open(file, use);
  const workers = new ProposalWorkers(count);
  const samples = [...val, ...train];
  const found = new Array<Float32Array>(samples.length);
  let [next, done] = [0, 0];
  let saved = performance.now();
  const work = async () => {
    while (next < samples.length && !signal?.aborted) {
      const index = next++;
      found[index] = await search(samples[index], use, store, workers);
      onProgress?.(++done, samples.length);
      if (performance.now() - saved < SAVE_EVERY_MS) continue;
      saved = performance.now();
      await store.save();
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
  return {
    train: withProposals(train, found.slice(val.length), classes.length),
    val: new Map(val.map(({ id }, i) => [id, found[i]])),
  };
}

async function search(
  { path }: DetectionSample,
  use: ProposalUse,
  store: ProposalStore,
  workers: ProposalWorkers,
): Promise<Float32Array> {
  try {
    const { size, mtimeMs } = await stat(path);
    const name = `${path} ${size} ${mtimeMs}`; // another picture under the same name is searched again
    const boxes = store.get(name) ?? (await workers.propose(await decodePicture(path), use)).boxes;
    store.set(name, boxes);
    return boxes;
  } catch (error) {
    const isMissing = (error as NodeJS.ErrnoException).code === "ENOENT";
    if (isMissing || (error instanceof FoveaError && error.code.startsWith("picture-"))) {
      return new Float32Array(0);
    }
    throw error;
  }
}
