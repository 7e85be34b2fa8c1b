import type { FailedSample } from "./failed-samples.ts";

/** To a worker: compose this batch into this buffer, which goes there and back without a copy. */
export interface BatchRequest<Recipe> {
  id: number;
  recipe: Recipe;
  buffer: ArrayBuffer;
}

/** From a worker: the buffer again, with what was drawn or why nothing was. */
export type BatchReply<Labels> = { id: number; buffer: ArrayBuffer; failed: FailedSample[] } & (
  | { labels: Labels }
  | { error: { code: string; message: string } }
);

/** To a worker: finish. */
export const closeMessage = "close";
