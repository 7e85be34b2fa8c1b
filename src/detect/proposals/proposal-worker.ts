import { parentPort } from "node:worker_threads";
import { FoveaError, messageOf } from "../../core/index.ts";
import type { ProposalReply, ProposalRequest } from "./proposal-workers.ts";
import { proposeRegions } from "./selective-search.ts";

// The thread that searches pictures for regions.

const port = parentPort!;
port.on("message", async ({ id, picture, options }: ProposalRequest) => {
  try {
    const proposals = await proposeRegions(picture, options);
    const { boxes, blobs } = proposals;
    port.postMessage({ id, proposals } satisfies ProposalReply, [
      boxes.buffer as ArrayBuffer,
      blobs.labels.buffer as ArrayBuffer,
      blobs.neighbours.buffer as ArrayBuffer,
    ]);
  } catch (error) {
    const code = error instanceof FoveaError ? error.code : "proposals-failed";
    port.postMessage({ id, error: { code, message: messageOf(error) } } satisfies ProposalReply);
  }
});
