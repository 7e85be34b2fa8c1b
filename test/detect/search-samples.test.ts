import { mkdtemp, readFile, rm, stat, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  type DetectionDataset,
  type DetectionSample,
  loadDetectionDataset,
  writeScenes,
} from "../../src/data/index.ts";
import { ProposalStore } from "../../src/detect/proposal-store.ts";
import type { ProposalUse } from "../../src/detect/rcnn/index.ts";
import { searchSamples } from "../../src/detect/search-samples.ts";

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

function search(signal?: AbortSignal, onProgress?: (done: number) => void) {
  return searchSamples(data, use, { store, workers: 1, signal, onProgress });
}

/** Puts others in place of what is stored of a picture. */
async function markStored({ path }: DetectionSample): Promise<void> {
  const { size, mtimeMs } = await stat(path);
  const stored = await ProposalStore.open(store, use);
  stored.set(`${path} ${size} ${mtimeMs}`, new Float32Array(4).fill(7));
  stored.set(`something new beside ${path}`, new Float32Array(0));
  await stored.save();
}

/** The corners that a sample has been given. */
function proposalsOf({ regions }: DetectionSample): number[] {
  expect(regions!.classIndex).toBe(data.classes.length);
  return [...regions!.corners];
}

describe("ProposalStore", () => {
  it("saves with the next file what is found while one is written", async () => {
    const kept = await ProposalStore.open(store, use);
    kept.set("one", new Float32Array(4).fill(1));
    const saved = kept.save();
    kept.set("other", new Float32Array(4).fill(2));
    await saved;
    await kept.save();
    const opened = await ProposalStore.open(store, use);
    expect(["one", "other"].map((name) => opened.get(name)?.[0])).toEqual([1, 2]);
  });
});

describe("searchSamples", () => {
  it("gives samples their proposals, and does not search twice", async () => {
    const first = await search();
    expect(first.train.map(({ id }) => id)).toEqual(data.splits.train.map(({ id }) => id));
    for (const sample of first.train) {
      expect(proposalsOf(sample).length).toBeGreaterThan(0);
      expect(proposalsOf(sample).length).toBeLessThanOrEqual(50 * 4);
    }
    expect([...first.val.keys()]).toEqual(data.splits.val.map(({ id }) => id));
    expect(await search()).toEqual(first);
    await markStored(data.splits.train[0]);
    await markStored(data.splits.val[0]);
    const { train, val } = await search();
    expect(proposalsOf(train[0])).toEqual([7, 7, 7, 7]);
    expect(val.get(data.splits.val[0].id)).toEqual(new Float32Array(4).fill(7));
    expect(train.slice(1)).toEqual(first.train.slice(1));
  });

  it("searches again in another way, in another picture, and where the store has been spoilt", async () => {
    const first = await search();
    const [sample] = data.splits.train;
    await markStored(sample);
    const others = await searchSamples(data, { ...use, most: 49 }, { store, workers: 1 });
    expect(proposalsOf(others.train[0])).not.toEqual([7, 7, 7, 7]);
    await search();
    await markStored(sample);
    await utimes(sample.path, 1, 1);
    expect(await search()).toEqual(first);
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
    for (const sample of data.splits.val) await markStored(sample); // the two that were searched
    const { val, train } = await search();
    expect([...val.values()]).toEqual([new Float32Array(4).fill(7), new Float32Array(4).fill(7)]);
    expect(train).toHaveLength(3);
  });

  it("finds nothing in a picture that cannot be read, or is gone", async () => {
    const [broken, gone] = data.splits.train;
    await writeFile(broken.path, "no picture");
    await rm(gone.path);
    const { train } = await search();
    expect(train.slice(0, 2).map(proposalsOf)).toEqual([[], []]);
    expect(proposalsOf(train[2])).not.toEqual([]);
  });
});
