import { GlobalAveragePool, GlobalMaxPool, type Node, orderedNodes, type Value } from "../../graph/index.ts";

/**
 * How far in pixels to each side of its place an element of `layer` sees the picture `input`; infinite where
 * something on the way looks at the whole of it. A bound, not always reached: what is on both sides is taken for
 * as far as the farther one.
 *
 * @param averagePooling counts maxima that halve as the wider means in place of them (`averageInstead`)
 */
export function reach(layer: Value, input: Value, averagePooling = false): number {
  const seen = new Map<Value, { reach: number; stride: number }>([[input, { reach: 0, stride: 1 }]]);
  for (const node of orderedNodes([layer])) {
    const sources = node.inputs.flatMap((value) => (value && seen.has(value) ? [seen.get(value)!] : []));
    if (sources.length === 0) continue;
    const before = {
      reach: Math.max(...sources.map((source) => source.reach)),
      stride: Math.max(...sources.map((source) => source.stride)),
    };
    const after = step(node, before, averagePooling);
    for (const output of node.outputs) seen.set(output, after);
  }
  return seen.get(layer)?.reach ?? 0;
}

/** What a node adds: a window of k elements, its ends where the padding puts them. */
function step(
  node: Node,
  { reach, stride }: { reach: number; stride: number },
  averagePooling: boolean,
): { reach: number; stride: number } {
  const { operator, attributes, inputs } = node;
  if (operator === GlobalAveragePool || operator === GlobalMaxPool || operator.opType.startsWith("Reduce"))
    return { reach: Number.POSITIVE_INFINITY, stride };
  if (operator.opType === "Resize") {
    const ratio = inputs[0]!.dims[3] / node.outputs[0].dims[3];
    return { reach: reach + stride, stride: stride * ratio };
  }
  const isWindow = operator.opType === "Conv" || /^(Max|Average)Pool$/.test(operator.opType);
  if (!isWindow) return { reach, stride };
  const kernel =
    operator.opType === "Conv" ? inputs[1]!.dims.slice(2) : (attributes.kernel_shape as number[]);
  const dilations = (attributes.dilations as readonly number[] | undefined) ?? kernel.map(() => 1);
  const strides = (attributes.strides as readonly number[] | undefined) ?? kernel.map(() => 1);
  const pads = (attributes.pads as readonly number[] | undefined) ?? kernel.flatMap(() => [0, 0]);
  const wider = averagePooling && operator.opType === "MaxPool" ? 1 : 0;
  const ends = kernel.map((k, i) => Math.max(pads[i], dilations[i] * (k - 1) - pads[i]) + wider);
  return { reach: reach + stride * Math.max(...ends), stride: stride * Math.max(...strides) };
}
