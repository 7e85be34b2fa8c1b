import { FoveaError } from "../../core/index.ts";

/**
 * Refuses what are no labelled pairs.
 * @throws FoveaError `pairs-length`, `distance-invalid`
 */
export function requirePairs(distances: ArrayLike<number>, same: ArrayLike<boolean>): void {
  if (distances.length !== same.length) {
    throw new FoveaError(
      "pairs-length",
      `There are ${distances.length} distances, but ${same.length} labels in \`same\`: give one for each pair.`,
    );
  }
  for (let i = 0; i < distances.length; i++) {
    if (distances[i] > Number.NEGATIVE_INFINITY) continue;
    throw new FoveaError(
      "distance-invalid",
      `\`distances[${i}]\` (=${distances[i]}) must be a number; for a pair that is never taken for the same give Infinity.`,
    );
  }
}
