import {
  add,
  Conv,
  ConvFilterGradient,
  ConvInputGradient,
  ConvTranspose,
  convGeometry,
  convolveByMatrix,
  copyGraph,
  decompose,
  hasFewPositions,
  type Node,
  reshape,
  transposedGeometry,
  turnedGeometry,
  type Value,
} from "../graph/index.ts";
import { convolveBlocked } from "./blocked-convolutions.ts";
import { filterGradientBlocked } from "./blocked-filter-gradient.ts";
import { convolveTransposedBlocked } from "./blocked-transposed.ts";
import { stayInBlocks } from "./stay-in-blocks.ts";

/**
 * Gives each convolution whose filters are computed or learned, and each convolution's gradients, the form that the
 * processor does fastest. Pictures with constant filters are left to ONNX Runtime, which rearranges those once.
 *
 * @param block Channels of the processor's blocks, 0 where it has none.
 */
export function layOutForCpu<Name extends string>(
  outputs: Readonly<Record<Name, Value>>,
  block: number,
): Readonly<Record<Name, Value>> {
  const laidOut = rewrite(decompose(rewrite(outputs, gradientRules, block)), convolutionRules, block);
  return block > 0 ? stayInBlocks(laidOut, block) : laidOut;
}

/** A node's result in a better form, or undefined. */
type Rule = (node: Node, inputs: readonly Value[], block: number) => Value | undefined;
type Rules = ReadonlyMap<Node["operator"], Rule>;

const gradientRules: Rules = new Map([
  [ConvInputGradient, layOutInputGradient],
  [ConvFilterGradient, layOutFilterGradient],
]);

const convolutionRules: Rules = new Map([
  [Conv, layOutConvolution],
  [ConvTranspose, layOutTransposed],
]);

function rewrite<Name extends string>(
  outputs: Readonly<Record<Name, Value>>,
  rules: Rules,
  block: number,
): Readonly<Record<Name, Value>> {
  return copyGraph(outputs, {
    rewrite(node, inputs) {
      if (!isKnown(node)) return undefined;
      const result = rules.get(node.operator)?.(node, inputs as Value[], block);
      return result && [result];
    },
  }).outputs;
}

function layOutConvolution(
  { attributes, outputs: [y] }: Node,
  [x, w, bias]: readonly (Value | undefined)[],
  block: number,
): Value | undefined {
  if (w!.constant && x!.rank === 4) return undefined;
  const geometry = convGeometry(x!, w!, attributes);
  const convolution = { x: x!, w: w!, bias, geometry, outputShape: y.dims };
  const inBlocks = block > 0 ? convolveBlocked(convolution, block) : undefined;
  if (
    inBlocks ||
    w!.constant ||
    !hasFewPositions({ x: x!.dims, w: w!.dims, y: y.dims, groups: geometry.groups })
  ) {
    return inBlocks;
  }
  return withBias(convolveByMatrix(x!, w!, y, geometry), bias);
}

function layOutTransposed(
  { attributes, outputs: [y] }: Node,
  [x, w, bias]: readonly (Value | undefined)[],
  block: number,
): Value | undefined {
  if (w!.constant || block === 0) return undefined;
  const geometry = transposedGeometry(x!, w!, attributes);
  return convolveTransposedBlocked({ x: x!, w: w!, bias, geometry, outputShape: y.dims }, block);
}

function layOutInputGradient(
  { attributes, outputs: [dx] }: Node,
  [dy, w]: readonly Value[],
  block: number,
): Value | undefined {
  if (block === 0) return undefined;
  const geometry = convGeometry(dx, w, attributes);
  const back = turnedGeometry(geometry);
  return back
    ? convolveBlocked({ x: dy, w, geometry: back, outputShape: dx.dims, turned: true }, block)
    : convolveTransposedBlocked({ x: dy, w, geometry, outputShape: dx.dims }, block);
}

function layOutFilterGradient(
  { attributes, outputs: [dw] }: Node,
  [x, dy]: readonly Value[],
  block: number,
): Value | undefined {
  if (block === 0) return undefined;
  return filterGradientBlocked({ x, dy, shape: dw.dims, geometry: convGeometry(x, dw, attributes) }, block);
}

/** Whether all sizes are known. */
function isKnown({ inputs, outputs }: Node): boolean {
  return [...inputs, ...outputs].every(
    (value) => !value || value.shape.every((dim) => typeof dim === "number"),
  );
}

function withBias(y: Value, bias: Value | undefined): Value {
  if (!bias) return y;
  const perChannel = y.dims.map((dim, i) => (i === 1 ? dim : 1));
  return add(y, reshape(bias, perChannel));
}
