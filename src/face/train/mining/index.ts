import { batchHardMining } from "./batch-hard.ts";
import { distanceWeightedMining } from "./distance-weighted.ts";
import type { Miner } from "./miner.ts";
import { randomMining } from "./random.ts";
import { semiHardMining } from "./semi-hard.ts";

export { byNegative, type Choice, type Miner, type MiningContext } from "./miner.ts";

/** Names of the ways to choose triplets. */
export type MiningName = "random" | "semi-hard" | "batch-hard" | "distance-weighted";

/** The ways to choose triplets by name. */
export const miners: Readonly<Record<MiningName, Miner>> = {
  random: randomMining,
  "semi-hard": semiHardMining,
  "batch-hard": batchHardMining,
  "distance-weighted": distanceWeightedMining,
};
