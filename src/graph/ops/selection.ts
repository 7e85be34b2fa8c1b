import type { Value } from "../graph.ts";
import type { Operator } from "../operator.ts";
import { axisOf } from "../shape.ts";
import { knownTensor } from "./known-numbers.ts";

/** Index of the largest element along an axis. */
export const ArgMax: Operator = {
  opType: "ArgMax",
  infer({ inputs: [x], attributes }) {
    const axis = axisOf("ArgMax", (attributes.axis as number | undefined) ?? 0, x!.rank);
    const kept = x!.shape.map((dim, i) => (i === axis ? 1 : dim));
    return [{ dtype: "int64", shape: attributes.keepdims === 0 ? kept.toSpliced(axis, 1) : kept }];
  },
  flat: true,
};

/** Index of the largest element along `axis`, that axis dropped. */
export function argMax(x: Value, axis: number): Value {
  return x.graph.apply(ArgMax, [x], { axis, keepdims: 0 })[0];
}

/** The k largest elements along an axis and their indices, in falling order. */
export const TopK: Operator = {
  opType: "TopK",
  infer({ inputs: [x, k], attributes, shapes }) {
    const axis = axisOf("TopK", (attributes.axis as number | undefined) ?? -1, x!.rank);
    const known = k && knownTensor(k);
    const count = known ? Number(known.data[0]) : "k";
    const shape = shapes?.[0] ?? x!.shape.map((dim, i) => (i === axis ? count : dim));
    return [
      { dtype: x!.dtype, shape },
      { dtype: "int64", shape },
    ];
  },
};

/** The largest elements along `axis`; k is an int64 list of one number, known at run time or before. */
export function topK(x: Value, k: Value, axis: number): { values: Value; indices: Value } {
  const [values, indices] = x.graph.apply(TopK, [x, k], { axis, largest: 1, sorted: 1 });
  return { values, indices };
}

/**
 * Greedy suppression per class. Inputs: boxes `[N, B, 4]`, scores `[N, K, B]`, at most so many a class,
 * IoU threshold, score threshold. Output: rows (picture, class, box) by class and falling score.
 */
export const NonMaxSuppression: Operator = {
  opType: "NonMaxSuppression",
  infer: () => [{ dtype: "int64", shape: ["selected", 3] }],
};

/** Rows (picture, class, box) of the boxes (`[N, B, 4]`, corners) that survive suppression. */
export function nonMaxSuppression(
  boxes: Value,
  scores: Value,
  maxPerClass: Value,
  iouThreshold: Value,
  scoreThreshold: Value,
): Value {
  const inputs = [boxes, scores, maxPerClass, iouThreshold, scoreThreshold];
  return boxes.graph.apply(NonMaxSuppression, inputs)[0];
}
