import { FoveaError } from "../core/index.ts";
import type { Layer } from "./layers/index.ts";
import type { InspectedNet } from "./net/index.ts";
import { type DataPictures, type Scan, scanPictures } from "./patches/index.ts";
import { saveScan } from "./progress-file.ts";

/** Time between two savings of a search. */
const SAVE_EVERY_MS = 20_000;

/** How to search. */
export interface SearchOptions {
  /** Folder of the inspection, in which the search is saved. */
  out: string;
  /** What the search is of, see `scanKey`. */
  key: string;
  signal?: AbortSignal;
  onProgress?: (done: number, total: number) => void;
}

/**
 * Looks through the pictures that are left, saving now and then.
 *
 * @throws FoveaError `output-unwritable`, after the batch during which the search could not be saved; `dataset-empty` where no
 *   picture can be read
 */
export async function search(
  net: InspectedNet,
  layers: readonly Layer[],
  pictures: DataPictures,
  scan: Scan,
  { out, key, signal, onProgress }: SearchOptions,
): Promise<void> {
  let saved = performance.now();
  let saving: Promise<void> = Promise.resolve();
  let failure: unknown;
  try {
    await scanPictures(net, layers, pictures, scan, {
      signal,
      onProgress(done, total) {
        onProgress?.(done, total);
        if (failure) throw failure;
        if (performance.now() - saved < SAVE_EVERY_MS) return;
        saved = performance.now();
        saving = saving
          .then(() => saveScan(out, key, scan))
          .catch((error: unknown) => {
            failure ??= error;
          });
      },
    });
  } finally {
    await saving;
  }
  if (scan.failures.length < scan.done || scan.done === 0) return saveScan(out, key, scan);
  const [{ name, message }] = scan.failures;
  throw new FoveaError(
    "dataset-empty",
    `None of ${scan.done} pictures can be read, for example ${name}: ${message}`,
  );
}
