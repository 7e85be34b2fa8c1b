import { FoveaError } from "../../core/index.ts";
import { Conv, orderedNodes, type Value } from "../../graph/index.ts";
import { isSized } from "../is-sized.ts";
import { layoutOf, type PictureLayout } from "./picture-tensor.ts";

/** Where in a model's graph the net proper begins. */
export interface PictureEntry {
  /** Pictures as the net takes them: floats, `[N, C, H, W]` or `[N, H, W, C]`, of a size that is known. */
  picture: Value;
  /** The same before bytes become floats, where the file begins with bytes. */
  bytes: Value | undefined;
  layout: PictureLayout;
}

/**
 * Follows a picture from the model's input to its first convolution. What comes before the first tensor of floats and of
 * known size (letterboxing, in files that Fovea made) is preparation: it has no gradient, and is the same for all layers.
 *
 * @throws FoveaError `no-convolution`, `not-a-picture-net`
 */
export function findPictureEntry(input: Value, outputs: Iterable<Value>, name: string): PictureEntry {
  const reached = new Set([input]);
  let way: Value | undefined;
  for (const node of orderedNodes(outputs)) {
    if (!node.inputs.some((value) => value && reached.has(value))) continue;
    for (const output of node.outputs) reached.add(output);
    const [x] = node.inputs;
    if (node.operator !== Conv || !x || !reached.has(x) || x.rank !== 4) continue;
    way = x;
    break;
  }
  if (!way) {
    throw new FoveaError(
      "no-convolution",
      `Model \`${name}\` has no two-dimensional convolution behind its input \`${input.name}\`: there are no maps to look at.`,
    );
  }
  const path = [way];
  while (path[0] !== input)
    path.unshift(path[0].producer!.inputs.find((value) => value && reached.has(value))!);
  let bytes: Value | undefined;
  for (const value of path) {
    const layout = isSized(value) ? layoutOf(value.dims) : undefined;
    if (!layout) continue;
    if (value.dtype === "float32") return { picture: value, bytes, layout };
    bytes = value;
  }
  throw new FoveaError(
    "not-a-picture-net",
    `Model \`${name}\` does not take pictures: no tensor before its first convolution has 1 or 3 channels and a known size.`,
  );
}
