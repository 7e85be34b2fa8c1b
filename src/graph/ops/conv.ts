import { FoveaError, sizeOf } from "../../core/index.ts";
import type { Value } from "../graph.ts";
import type { Attributes, Operator } from "../operator.ts";
import { requireRank } from "../shape.ts";
import { type ConvGeometry, convAttributes, convGeometry, convOutputSize } from "./conv-geometry.ts";
import { inputGradient, weightGradient } from "./conv-gradient.ts";
import { hasFewPositions, inputGradientByMatrix, weightGradientByMatrix } from "./conv-matrix.ts";
import { reduceSum } from "./reduction.ts";

/** Cross-correlation of x `[N, C, …]` with filters `[M, C/groups, …]`, in any number of dimensions. */
export const Conv: Operator = {
  opType: "Conv",
  infer({ inputs: [x, w], attributes }) {
    requireRank("Conv", "x", x!.shape, 3);
    const geometry = convGeometry(x!, w!, attributes);
    const { groups } = geometry;
    const [inChannels, outChannels] = [x!.dims[1], w!.dims[0]];
    if (inChannels !== w!.dims[1] * groups) {
      throw new FoveaError(
        "shape-mismatch",
        `Conv: x has ${inChannels} channels, but the filters (shape [${w!.shape}], \`groups\` ${groups}) take ${w!.dims[1] * groups}.`,
      );
    }
    if (outChannels % groups !== 0) {
      throw new FoveaError(
        "argument-range",
        `Conv: \`outChannels\` (=${outChannels}) must be divisible by \`groups\` (=${groups}).`,
      );
    }
    return [{ dtype: x!.dtype, shape: [x!.dims[0], outChannels, ...convOutputSize(x!, geometry)] }];
  },
  flops: ({ inputs: [, w], outputs: [y] }) => 2 * sizeOf(y.dims) * sizeOf(w!.dims.slice(1)),
  gradient({ node, inputs: [x, w, b], cotangents: [dy], wanted }) {
    const geometry = convGeometry(x, w, node.attributes);
    const few = hasFewPositions(x, w, dy!, geometry);
    const byInput = few ? inputGradientByMatrix : inputGradient;
    const byWeight = few ? weightGradientByMatrix : weightGradient;
    return [
      wanted[0] ? byInput(x, w, dy!, geometry, conv, convTranspose) : undefined,
      wanted[1] ? byWeight(x, w, dy!, geometry, conv) : undefined,
      b && wanted[2] ? reduceSum(dy!, [0, ...dy!.dims.slice(2).map((_, i) => i + 2)], false) : undefined,
    ];
  },
};

/** Options of a convolution; a number holds for every dimension. */
export interface ConvOptions {
  stride?: number | readonly number[];
  /** Zeros at both ends of each dimension. */
  padding?: number | readonly number[];
  /** Zeros at the far ends, where they differ from `padding`. */
  paddingEnd?: number | readonly number[];
  dilation?: number | readonly number[];
  groups?: number;
}

/** Cross-correlation of x `[N, C, …]` with filters w `[M, C/groups, …]` plus a bias `[M]`. */
export function conv(x: Value, w: Value, b?: Value, options: ConvOptions = {}): Value {
  return x.graph.apply(Conv, [x, w, b], convAttributes(w, options))[0];
}

/** The transpose of Conv by its input: x `[N, M, …]`, filters `[M, C/groups, …]`. */
export const ConvTranspose: Operator = {
  opType: "ConvTranspose",
  infer({ inputs: [x, w], attributes }) {
    requireRank("ConvTranspose", "x", x!.shape, 3);
    const geometry = convGeometry(x!, w!, attributes);
    const extra =
      (attributes.output_padding as readonly number[] | undefined) ?? geometry.kernel.map(() => 0);
    const size = geometry.kernel.map(
      (kernel, i) =>
        (x!.dims[i + 2] - 1) * geometry.strides[i] +
        geometry.dilations[i] * (kernel - 1) +
        1 +
        extra[i] -
        geometry.begin[i] -
        geometry.end[i],
    );
    return [{ dtype: x!.dtype, shape: [x!.dims[0], w!.dims[1] * geometry.groups, ...size] }];
  },
  flops: ({ inputs: [x, w] }) => 2 * sizeOf(x!.dims) * sizeOf(w!.dims.slice(1)),
  /** Its input's gradient is the convolution itself; its filters' gradient swaps the roles of x and dy. */
  gradient({ node, inputs: [x, w, b], cotangents: [dy], wanted }) {
    const geometry: ConvGeometry = convGeometry(dy!, w, node.attributes);
    const { strides: stride, dilations: dilation, begin: padding, end: paddingEnd, groups } = geometry;
    return [
      wanted[0] ? conv(dy!, w, undefined, { stride, dilation, padding, paddingEnd, groups }) : undefined,
      wanted[1] ? weightGradient(dy!, w, x, geometry, conv) : undefined,
      b && wanted[2] ? reduceSum(dy!, [0, ...dy!.dims.slice(2).map((_, i) => i + 2)], false) : undefined,
    ];
  },
};

/** Transposed convolution; `outputPadding` adds to the far end of each dimension. */
export function convTranspose(
  x: Value,
  w: Value,
  b?: Value,
  options: ConvOptions & { outputPadding?: readonly number[] } = {},
): Value {
  const attributes: Attributes = {
    ...convAttributes(w, options),
    ...(options.outputPadding ? { output_padding: options.outputPadding } : {}),
  };
  return x.graph.apply(ConvTranspose, [x, w, b], attributes)[0];
}
