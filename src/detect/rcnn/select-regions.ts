import { tensor } from "../../core/index.ts";
import {
  add,
  cast,
  concat,
  gather,
  greater,
  maximum,
  minimum,
  mul,
  nonMaxSuppression,
  reshape,
  scatterElements,
  sigmoid,
  slice,
  squeeze,
  topK,
  unsqueeze,
  type Value,
  where,
  zeros,
} from "../../graph/index.ts";
import { decodeInGraph, rpnWeights } from "./box-coder.ts";
import { PROPOSAL_IOU, type RegionCounts } from "./config.ts";

/** Proposals of one picture: always as many, of which some may only fill up. */
export interface Regions {
  /** Corners in input pixels `[P, 4]`, within the input, at least a pixel wide and high. */
  boxes: Value;
  /** `[P]`: 1 a proposal, 0 what only fills up. */
  valid: Value;
}

/**
 * The best proposals of one picture (Ren et al. 2015, §3.3): decoded, clipped, suppressed. Nothing flows back through
 * them: to the heads they are given, as to Fast R-CNN.
 *
 * @param objectness logits `[B]`
 * @param codes `[B, 4]`
 * @param anchors corners `[B, 4]`
 */
export function selectRegions(
  objectness: Value,
  codes: Value,
  anchors: Value,
  input: { width: number; height: number },
  counts: RegionCounts,
): Regions {
  const { graph } = objectness;
  const [all] = objectness.dims;
  const before = Math.min(counts.before, all);
  const best = topK(sigmoid(objectness), graph.integers([before]), 0);
  const rows = (x: Value) => gather(x, best.indices, 0);
  const boxes = within(decodeInGraph(rows(codes), rows(anchors), rpnWeights), input); // [before, 4]
  const selected = nonMaxSuppression(
    unsqueeze(boxes, [0]),
    reshape(best.values, [1, 1, before]),
    graph.integers([counts.after]),
    graph.constant(tensor([PROPOSAL_IOU], [1])),
    graph.constant(tensor([-1], [1])),
  );
  const places = squeeze(slice(selected, 1, 2, 3), [1]); // how many is known at run time only
  const ones = add(mul(cast(places, "float32"), 0), 1);
  const kept = scatterElements(zeros(graph, [before]), places, ones);
  const after = Math.min(counts.after, before);
  const final = topK(where(greater(kept, 0), best.values, -1), graph.integers([after]), 0);
  return {
    boxes: gather(boxes, final.indices, 0),
    valid: cast(greater(final.values, -0.5), "float32"),
  };
}

/** Boxes cut at the input's borders; what lies outside becomes a pixel at the border. */
function within(boxes: Value, { width, height }: { width: number; height: number }): Value {
  const corner = (at: number, low: Value | number, high: number) =>
    minimum(maximum(slice(boxes, 1, at, at + 1), low), high);
  const [left, top] = [corner(0, 0, width - 1), corner(1, 0, height - 1)];
  return concat([left, top, corner(2, add(left, 1), width), corner(3, add(top, 1), height)], 1);
}
