import type { Value } from "../graph.ts";
import { Reshape, reshape } from "../ops/index.ts";
import { copyGraph } from "./copy.ts";

/** Of several reshapes in a row only the last counts: each then starts from the tensor that was there before them. */
export function collapseReshapes<Name extends string>(
  outputs: Readonly<Record<Name, Value>>,
): Readonly<Record<Name, Value>> {
  return copyGraph(outputs, {
    rewrite({ operator, outputs: [y] }, [x]) {
      if (operator !== Reshape || y.shape.some((dim) => typeof dim === "string")) return undefined;
      const before = x!.producer?.operator === Reshape ? x!.producer.inputs[0]! : undefined;
      return before && [reshape(before, y.dims)];
    },
  }).outputs;
}
