import { FoveaError } from "../../core/index.ts";
import type { Value } from "../graph.ts";
import type { Operator } from "../operator.ts";
import { knownNumbers } from "./known-numbers.ts";
import { reduceSum } from "./reduction.ts";
import { reshape } from "./reshape.ts";

/** Repeats the whole tensor along each axis as often as the second input says. */
export const Tile: Operator = {
  opType: "Tile",
  infer({ inputs: [x, repeats] }) {
    const times = repeatsOf(x!, repeats!);
    return [{ dtype: x!.dtype, shape: x!.dims.map((dim, i) => dim * times[i]) }];
  },
  /** The cotangents of all copies add up. */
  gradient({ inputs: [x, repeats], cotangents: [dy] }) {
    const times = repeatsOf(x, repeats);
    const copies = x.dims.flatMap((dim, i) => [times[i], dim]);
    const axes = times.flatMap((n, i) => (n === 1 ? [] : [2 * i]));
    return [reshape(reduceSum(reshape(dy!, copies), axes), x.dims), undefined];
  },
};

function repeatsOf(x: Value, repeats: Value): readonly number[] {
  const times = knownNumbers("Tile", repeats);
  if (times.length !== x.rank) {
    throw new FoveaError(
      "shape-mismatch",
      `Tile: [${times}] must hold ${x.rank} repeats, one for each axis.`,
    );
  }
  return times;
}

/** x repeated `repeats[i]` times along axis i. */
export function tile(x: Value, repeats: readonly number[]): Value {
  return x.graph.apply(Tile, [x, x.graph.integers(repeats)])[0];
}
