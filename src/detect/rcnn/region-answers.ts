import type { Value } from "../../graph/index.ts";
import type { Scope } from "../../nn/index.ts";
import type { FastRcnnConfig, RcnnConfig } from "./config.ts";
import { cropHeads } from "./crop-heads.ts";
import { type HeadOutput, rcnnFeatures, roiHeads } from "./net.ts";

/**
 * What a net says of regions that it is given: R-CNN of each crop by itself, Fast R-CNN of what one pass over the
 * picture made.
 */
export function regionAnswers(
  scope: Scope,
  pictures: Value,
  regions: readonly Value[],
  config: FastRcnnConfig | RcnnConfig,
  trunkRate?: number,
): HeadOutput {
  if ("crop" in config) return cropHeads(scope, pictures, regions, config, trunkRate);
  return roiHeads(scope.at("head"), rcnnFeatures(scope, pictures, config, trunkRate), regions, config);
}
