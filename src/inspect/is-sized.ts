import type { Value } from "../graph/index.ts";

/** Whether every dimension of a tensor is known. */
export function isSized({ shape }: Value): boolean {
  return shape.every((dim) => typeof dim === "number");
}
