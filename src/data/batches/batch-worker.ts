import { parentPort, workerData } from "node:worker_threads";
import { FoveaError, messageOf } from "../../core/index.ts";
import { type BatchReply, type BatchRequest, closeMessage } from "./batch-messages.ts";
import { composeBatch } from "./compose-batch.ts";
import { SampleStore, type SampleStoreOptions } from "./sample-store.ts";

// The thread that composes batches. Requests queue up here, so that it goes on while the main thread computes;
// the pictures of the next batches decode while one is drawn.

const port = parentPort!;
const store = new SampleStore(workerData as SampleStoreOptions);

port.on("message", (message: BatchRequest | typeof closeMessage) => {
  if (message === closeMessage) port.close();
  else void answer(message);
});

async function answer({ id, recipe, buffer }: BatchRequest): Promise<void> {
  const reply = await compose(recipe, buffer);
  port.postMessage({ id, buffer, failed: store.failed, ...reply } satisfies BatchReply, [buffer]);
}

async function compose(recipe: BatchRequest["recipe"], buffer: ArrayBuffer) {
  try {
    const labels = await composeBatch(recipe, new Uint8Array(buffer), (index) => store.load(index));
    return { labels };
  } catch (error) {
    const code = error instanceof FoveaError ? error.code : "batch-failed";
    return { error: { code, message: messageOf(error) } };
  }
}
