import { workerData } from "node:worker_threads";
import { composePoints, type PointRecipe } from "./compose-points.ts";
import { PointStore, type PointStoreOptions } from "./point-store.ts";
import { serveBatches } from "./serve-batches.ts";

// The thread that composes batches of a data set of points.

const store = new PointStore(workerData as PointStoreOptions);
serveBatches({
  compose: (recipe: PointRecipe, images) => composePoints(recipe, images, (index) => store.load(index)),
  get failed() {
    return store.failed;
  },
});
