import { and, argMax, equal, neg, reshape, where } from "../../../graph/index.ts";
import { byNegative, type Miner } from "./miner.ts";

/** The farthest positive and the nearest negative of each anchor (Hermans et al. 2017, eq. 5): one triplet an anchor. */
export const batchHardMining: Miner = ({ distances, positives }) => {
  const [size] = distances.dims;
  const hardest = reshape(argMax(where(positives, distances, -1), 1), [size, 1]);
  const places = distances.graph.constant({
    dtype: "int64",
    shape: [1, size],
    data: BigInt64Array.from({ length: size }, (_, i) => BigInt(i)),
  });
  return { pairs: and(positives, equal(places, hardest)), preference: byNegative(neg(distances)) };
};
