import type { BatchLabels, BatchRecipe } from "./compose-batch.ts";
import type { FailedSample } from "./sample-store.ts";

/** To a worker: compose this batch into this buffer, which goes there and back without a copy. */
export interface BatchRequest {
  id: number;
  recipe: BatchRecipe;
  buffer: ArrayBuffer;
}

/** From a worker: the buffer again, with what was drawn or why nothing was. */
export type BatchReply = { id: number; buffer: ArrayBuffer; failed: FailedSample[] } & (
  | { labels: BatchLabels }
  | { error: { code: string; message: string } }
);

/** To a worker: finish. */
export const closeMessage = "close";
