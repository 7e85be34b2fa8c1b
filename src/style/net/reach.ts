import { orderedNodes, type Value } from "../../graph/index.ts";
import { isChannelsLast } from "./list-layers.ts";
import { type Sight, sightThrough } from "./sight.ts";

/**
 * How far in pixels to each side of its place an element of `layer` sees the picture `input`; infinite where
 * something on the way looks at the whole of it, such as a mean or a norm over all places, or may do so. A bound, not
 * always reached: what is on both sides is taken for as far as the farther one.
 *
 * @param averagePooling counts maxima that halve as the wider means in place of them (`averageInstead`)
 */
export function reach(layer: Value, input: Value, averagePooling = false): number {
  const axes: Sight["axes"] = isChannelsLast(input) ? [1, 2] : [2, 3];
  const seen = new Map<Value, Sight>([[input, { reach: 0, stride: 1, axes }]]);
  for (const node of orderedNodes([layer])) {
    const sights = node.inputs.map((value) => value && seen.get(value));
    if (sights.every((sight) => sight === undefined)) continue;
    const after = sightThrough(node, sights, averagePooling);
    for (const output of node.outputs) seen.set(output, after);
  }
  return seen.get(layer)?.reach ?? 0;
}
