import type { Tensor } from "../../core/index.ts";
import { encodeModel, Graph } from "../../graph/index.ts";
import { cardToMetadata, letterboxGraph } from "../../models/index.ts";
import { Scope } from "../../nn/index.ts";
import type { DetectorCard } from "../model-card.ts";
import { selectDetections } from "../postprocess.ts";
import type { YoloConfig } from "./config.ts";
import { decodeAll } from "./decode.ts";
import { yoloNet } from "./net.ts";

/**
 * The file that ships: uint8 picture `[height, width, 3]` in; boxes `[n, 4]` (corners in pixels of that
 * picture), scores `[n]` and classes `[n]` out. Pre-processing, net, decoding and suppression are inside, its
 * description is in the metadata.
 */
export function exportYolo(
  config: YoloConfig,
  values: ReadonlyMap<string, Tensor>,
  card: DetectorCard,
): Uint8Array {
  const graph = new Graph();
  const image = graph.input("image", ["height", "width", 3], "uint8");
  const letterboxed = letterboxGraph(image, config.input);
  const raws = yoloNet(new Scope(graph, { values }), letterboxed.pictures, config);
  const { boxes, scores } = decodeAll(raws, config);
  const outputs = selectDetections(boxes, scores, letterboxed, {
    score: card.scoreThreshold,
    iou: card.iouThreshold,
  });
  return encodeModel({ outputs: { ...outputs }, metadata: cardToMetadata(card) });
}
