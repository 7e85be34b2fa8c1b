import { workerData } from "node:worker_threads";
import { composeBatch } from "./compose-batch.ts";
import { SampleStore, type SampleStoreOptions } from "./sample-store.ts";
import { serveBatches } from "./serve-batches.ts";

// The thread that composes batches of a detection data set.

const store = new SampleStore(workerData as SampleStoreOptions);
serveBatches({
  compose: (recipe: Parameters<typeof composeBatch>[0], images) =>
    composeBatch(recipe, images, (index) => store.load(index)),
  get failed() {
    return store.failed;
  },
});
