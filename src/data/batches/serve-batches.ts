import { type MessagePort, parentPort } from "node:worker_threads";
import { FoveaError, messageOf } from "../../core/index.ts";
import { type BatchReply, type BatchRequest, closeMessage } from "./batch-messages.ts";
import type { FailedSample } from "./failed-samples.ts";

/** What a thread that composes batches can do. */
export interface BatchComposer<Recipe, Labels> {
  /** Draws the batch into the bytes and says what it shows. */
  compose(recipe: Recipe, bytes: Uint8Array): Promise<Labels>;
  /** The samples that failed so far. */
  readonly failed: FailedSample[];
}

/**
 * Answers requests in a worker thread. They queue up here, so that it goes on while the main thread computes; the
 * samples of the next batches are read while one is drawn.
 */
export function serveBatches<Recipe, Labels>(composer: BatchComposer<Recipe, Labels>): void {
  const port: MessagePort = parentPort!;
  port.on("message", async (message: BatchRequest<Recipe> | typeof closeMessage) => {
    if (message === closeMessage) {
      port.close();
      return;
    }
    const { id, recipe, buffer } = message;
    const drawn = await attempt(() => composer.compose(recipe, new Uint8Array(buffer)));
    const reply: BatchReply<Labels> = { id, buffer, failed: composer.failed, ...drawn };
    port.postMessage(reply, [buffer]);
  });
}

async function attempt<Labels>(compose: () => Promise<Labels>) {
  try {
    return { labels: await compose() };
  } catch (error) {
    const code = error instanceof FoveaError ? error.code : "batch-failed";
    return { error: { code, message: messageOf(error) } };
  }
}
