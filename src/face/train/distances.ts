import {
  add,
  and,
  equal,
  matmul,
  mul,
  not,
  reduceMean,
  reduceSumSquare,
  relu,
  reshape,
  sqrt,
  sub,
  transpose,
  type Value,
} from "../../graph/index.ts";

/**
 * ‖xᵢ − xⱼ‖² of all pairs of rows of x `[B, D]`: `[B, B]`. By ‖a‖² + ‖b‖² − 2ab, one matrix product; what rounding
 * makes negative is 0.
 */
export function squaredDistances(x: Value): Value {
  const squares = reduceSumSquare(x, [1]); // [B, 1]
  const products = matmul(x, transpose(x, [1, 0]));
  return relu(sub(add(squares, transpose(squares, [1, 0])), mul(products, 2)));
}

/** Which pairs of a batch show one person, and which two: booleans `[B, B]`. */
export interface PairMasks {
  /** Pairs of two pictures of one person. */
  positives: Value;
  /** Pairs of two people. */
  negatives: Value;
}

/** @param people each picture's person, int32 `[B]` */
export function pairMasks(people: Value): PairMasks {
  const { graph } = people;
  const [size] = people.dims;
  const same = equal(reshape(people, [size, 1]), reshape(people, [1, size]));
  const places = { dtype: "int32", data: Int32Array.from({ length: size }, (_, i) => i) } as const;
  const row = graph.constant({ ...places, shape: [size, 1] });
  const column = graph.constant({ ...places, shape: [1, size] });
  return { positives: and(same, not(equal(row, column))), negatives: not(same) };
}

/** Root mean square of the encodings' distances `[B, D]` to their mean: 0 where all are equal. */
export function encodingSpread(x: Value): Value {
  const deviations = reduceSumSquare(sub(x, reduceMean(x, [0])), [1], false);
  return sqrt(add(reduceMean(deviations, undefined, false), 1e-20));
}
