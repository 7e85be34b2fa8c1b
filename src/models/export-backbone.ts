import type { Tensor } from "../core/index.ts";
import { encodeModel, Graph, softmax, storeAsFloat16, type Value } from "../graph/index.ts";
import { Scope } from "../nn/index.ts";
import type { BackboneCard } from "./backbone.ts";
import { cardToMetadata } from "./model-card.ts";
import { classifierHead } from "./nets/index.ts";
import { withOpenDims } from "./open-dims.ts";
import { classifierMap, trunkMaps } from "./trunks/index.ts";

/**
 * A backbone's file: `pictures` float32 `[N, 3, H, W]` in 0…1 in; feature maps `stride1`, `stride2`, … and the
 * classes' `probabilities` `[N, classes]` out. Parameters are stored as float16, norms are kept as they are, so that
 * training can go on from it.
 *
 * @param values of a classifier: the trunk's below `trunk`, those that widen its last map below `widen`, the head's
 *   below `head`
 */
export function exportBackbone(card: BackboneCard, values: ReadonlyMap<string, Tensor>): Uint8Array {
  const graph = new Graph();
  const scope = new Scope(graph, { values });
  const pictures = graph.input("pictures", [1, 3, 64, 64]);
  const maps = trunkMaps(scope.at("trunk"), pictures, card.trunk);
  const map = classifierMap(scope.at("widen"), maps, card.trunk);
  const logits = classifierHead(scope.at("head"), map, card.classes.length);
  const results: Record<string, Value> = { probabilities: softmax(logits, 1) };
  for (const { stride, value } of maps) results[`stride${stride}`] = value;
  const { outputs } = storeAsFloat16(results);
  const bytes = encodeModel({ outputs, metadata: cardToMetadata(card), shapes: false });
  return withOpenDims(bytes, (name) => {
    const reduction = name.startsWith("stride") ? `/${name.slice("stride".length)}` : "";
    return ["N", undefined, `H${reduction}`, `W${reduction}`];
  });
}
