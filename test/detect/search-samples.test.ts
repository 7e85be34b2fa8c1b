import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type DetectionDataset, loadDetectionDataset, writeScenes } from "../../src/data/index.ts";
import { ProposalStore } from "../../src/detect/proposal-store.ts";
import type { ProposalUse } from "../../src/detect/rcnn/index.ts";
import { searchSamples } from "../../src/detect/search-samples.ts";
import { PictureMemory } from "../../src/image/index.ts";

let folder: string;
let data: DetectionDataset;
let store: string;
const use: ProposalUse = { mode: "single", most: 50 };

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "fovea-search-"));
  const root = join(folder, "scenes");
  await writeScenes(root, { count: 5, seed: 3, width: 64, height: 64, valFraction: 0.4 });
  data = await loadDetectionDataset(root);
  store = join(folder, "proposals.fovea");
});
afterEach(() => rm(folder, { recursive: true }));

/** Searches, or takes from the store. Marked proposals tell the two apart. */
function search(signal?: AbortSignal, onProgress?: (done: number) => void) {
  return searchSamples(data, new PictureMemory(1e8), use, { store, workers: 1, signal, onProgress });
}

async function markStored(): Promise<void> {
  const key = { ...use, data: data.fingerprint };
  const [{ id }] = data.splits.train;
  const found = await ProposalStore.open(store, key);
  found.get(id)!.fill(7);
  // A store with nothing new is not written: the mark goes into another with all of it.
  await rm(store);
  const marked = await ProposalStore.open(store, key);
  for (const { id } of [...data.splits.val, ...data.splits.train]) marked.set(id, found.get(id)!);
  await marked.save();
}

describe("searchSamples", () => {
  it("gives training samples their proposals, and does not search twice", async () => {
    const first = await search();
    expect(first.map(({ id }) => id)).toEqual(data.splits.train.map(({ id }) => id));
    for (const { boxes } of first) {
      const proposals = boxes.filter(({ classIndex }) => classIndex === data.classes.length);
      expect(proposals.length).toBeGreaterThan(0);
      expect(proposals.length).toBeLessThanOrEqual(50);
    }
    expect(await search()).toEqual(first);
    await markStored();
    const [{ boxes }] = await search();
    expect(boxes.at(-1)!.box).toEqual([7, 7, 7, 7]);
  });

  it("takes nothing from a store of another search, or whose bytes have changed", async () => {
    const first = await search();
    await markStored();
    const others = await searchSamples(
      data,
      new PictureMemory(1e8),
      { ...use, most: 49 },
      { store, workers: 1 },
    );
    expect(others[0].boxes.at(-1)!.box).not.toEqual([7, 7, 7, 7]);
    const bytes = await readFile(store);
    bytes[bytes.length >> 1] ^= 0xff;
    await writeFile(store, bytes);
    expect(await search()).toEqual(first);
    await writeFile(store, "nothing of the kind");
    expect(await search()).toEqual(first);
  });

  it("keeps what it found when it is stopped", async () => {
    const abort = new AbortController();
    const stopped = search(abort.signal, (done) => done === 2 && abort.abort());
    await expect(stopped).rejects.toThrow(/after 2 of 5 pictures .* goes on with the rest/);
    const kept = await ProposalStore.open(store, { ...use, data: data.fingerprint });
    const samples = [...data.splits.val, ...data.splits.train];
    expect(samples.map(({ id }) => kept.get(id) !== undefined)).toEqual([true, true, false, false, false]);
    expect(await search()).toHaveLength(3);
  });

  it("finds nothing in a picture that cannot be read", async () => {
    await writeFile(data.splits.train[0].path, "no picture");
    const [{ boxes }] = await search();
    expect(boxes.some(({ classIndex }) => classIndex === data.classes.length)).toBe(false);
  });
});
