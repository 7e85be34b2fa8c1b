import { type Graph, type Node, Resize, type Value } from "../../graph/index.ts";

/**
 * A resize to a fixed size, for maps of another size than the file's: by the same factor. Nets that join maps of several
 * sizes then take pictures of other sizes.
 */
export function resizeInProportion(
  { operator, attributes, inputs: before, outputs: [after] }: Node,
  inputs: readonly (Value | undefined)[],
  graph: Graph,
): readonly Value[] | undefined {
  const [x, roi, , sizes] = inputs;
  if (operator !== Resize || !x || !sizes?.constant || attributes.axes) return undefined;
  const own = before[0]!.dims;
  if (x.dims.every((size, axis) => size === own[axis])) return undefined;
  const scaled = x.dims.map((size, axis) => Math.max(1, Math.round((size * after.dims[axis]) / own[axis])));
  return graph.apply(Resize, [x, roi, undefined, graph.integers(scaled)], attributes);
}
