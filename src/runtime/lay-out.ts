import {
  add,
  Conv,
  ConvTranspose,
  convGeometry,
  convolveByMatrix,
  copyGraph,
  type GraphCopy,
  hasFewPositions,
  type Node,
  reshape,
  type Value,
} from "../graph/index.ts";
import { convolveBlocked, convolveTransposedBlocked } from "./blocked-convolutions.ts";

/**
 * Gives each convolution whose filters are computed or learned the form that the processor does fastest. Those
 * with constant filters are left to ONNX Runtime, which rearranges them once.
 *
 * @param block Channels of the processor's blocks, 0 where it has none.
 */
export function layOutForCpu<Name extends string>(
  outputs: Readonly<Record<Name, Value>>,
  block: number,
): GraphCopy<Name> {
  return copyGraph(outputs, {
    rewrite(node, inputs) {
      const transposed = node.operator === ConvTranspose;
      if (!(transposed || node.operator === Conv) || !isKnown(node)) return undefined;
      const [x, w, bias] = inputs as [Value, Value, Value | undefined];
      const [y] = node.outputs;
      const geometry = convGeometry(x, w, node.attributes);
      const convolution = { x, w, bias, geometry, outputShape: y.dims };
      if (transposed) {
        const result = block > 0 ? convolveTransposedBlocked(convolution, block) : undefined;
        return result && [result];
      }
      if (hasFewPositions(x, w, y, geometry)) return [withBias(convolveByMatrix(x, w, y, geometry), bias)];
      if (block === 0) return undefined;
      const result = convolveBlocked(convolution, block);
      return result && [result];
    },
  });
}

/** Whether all sizes are known and the filters are not constant. */
function isKnown({ inputs: [x, w], outputs: [y] }: Node): boolean {
  const shapes = [x!, w!, y].flatMap(({ shape }) => shape);
  return !w!.constant && shapes.every((dim) => typeof dim === "number");
}

function withBias(y: Value, bias: Value | undefined): Value {
  if (!bias) return y;
  const perChannel = y.dims.map((dim, i) => (i === 1 ? dim : 1));
  return add(y, reshape(bias, perChannel));
}
