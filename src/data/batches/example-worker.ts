import { workerData } from "node:worker_threads";
import { composeExamples, type ExampleRecipe } from "./compose-examples.ts";
import { ExampleStore, type ExampleStoreOptions } from "./example-store.ts";
import { serveBatches } from "./serve-batches.ts";

// The thread that composes batches of a classification data set.

const store = new ExampleStore(workerData as ExampleStoreOptions);
serveBatches({
  compose: (recipe: ExampleRecipe, bytes) => composeExamples(recipe, bytes, (index) => store.load(index)),
  get failed() {
    return store.failed;
  },
});
