import { packageVersion } from "../../core/index.ts";
import { encodeModel, Graph } from "../../graph/index.ts";
import { DESCRIPTOR_SIZE, FaceApiLayers, faceDescriptor, readFaceApiWeights } from "../face-api/index.ts";
import { cardToMetadata } from "../model-card.ts";
import { withAnyBatch } from "../open-dims.ts";
import { type CachedModel, cachedModel } from "./cache.ts";
import { readyModels } from "./catalogue.ts";

/** The net that describes faces: `pictures` `[N, 3, 150, 150]`, 0…255, in and `descriptors` `[N, 128]` out. */
async function convert([manifest]: readonly string[]): Promise<Uint8Array> {
  const graph = new Graph();
  const pictures = graph.input("pictures", [1, 3, DESCRIPTOR_SIZE, DESCRIPTOR_SIZE]);
  const descriptors = faceDescriptor(new FaceApiLayers(graph, await readFaceApiWeights(manifest)), pictures);
  const card = {
    task: "describe",
    model: "face-api 128",
    side: DESCRIPTOR_SIZE,
    version: packageVersion(),
  };
  return withAnyBatch(
    encodeModel({ outputs: { descriptors }, metadata: cardToMetadata(card), shapes: false }),
  );
}

/** Names of the nets that describe things by numbers and need no training. */
export const readyDescribers: readonly string[] = ["face-descriptor"];

/** A ready net's file, converted when it is first asked for; `onConvert` hears of it. */
export function openReadyDescriber(name: string, onConvert?: () => void): Promise<CachedModel> {
  return cachedModel(readyModels.get(name)!, convert, onConvert);
}
