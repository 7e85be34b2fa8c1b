import type { Tensor } from "../../core/index.ts";
import { encodeModel, Graph, readModel, writeModel } from "../../graph/index.ts";
import { cardToMetadata } from "../../models/index.ts";
import { Scope } from "../../nn/index.ts";
import type { PainterCard } from "./card.ts";
import { transformer } from "./transformer.ts";

/** Where the net stands among the parameters of a training step. */
export const TRANSFORMER = "transformer";

/**
 * The file that ships: `pictures` float32 `[N, 3, H, W]` in 0…1 in, `painted` of the same shape out; H and W are any
 * multiples of 4.
 */
export function exportPainter(values: ReadonlyMap<string, Tensor>, card: PainterCard): Uint8Array {
  const graph = new Graph();
  const pictures = graph.input("pictures", [1, 3, 64, 64]);
  const painted = transformer(new Scope(graph, { values }).at(TRANSFORMER), pictures, card.width);
  const metadata = cardToMetadata(card);
  const model = readModel(encodeModel({ outputs: { painted }, metadata, shapes: false }));
  // Nothing in it depends on the size that it was built with.
  for (const { type } of [...model.graph.input, ...model.graph.output]) {
    const { dim } = type!.tensorType!.shape!;
    for (const [axis, name] of [[0, "N"] as const, [2, "H"] as const, [3, "W"] as const])
      dim[axis] = { dimParam: name };
  }
  return writeModel(model);
}
