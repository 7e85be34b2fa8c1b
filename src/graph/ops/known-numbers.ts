import { FoveaError, toNumbers } from "../../core/index.ts";
import type { Value } from "../graph.ts";

/** The numbers of a tensor that a shape depends on; throws `shape-unknown` where they come at run time only. */
export function knownNumbers(opType: string, value: Value): readonly number[] {
  if (value.constant) return toNumbers(value.constant);
  throw new FoveaError(
    "shape-unknown",
    `${opType}: \`${value.name}\`, which decides the result's shape, must be a constant here.`,
  );
}
