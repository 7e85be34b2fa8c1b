import { FoveaError, sizeOf } from "../../core/index.ts";
import type { Value } from "../graph.ts";
import type { Attributes, Operator } from "../operator.ts";
import { requireRank } from "../shape.ts";
import {
  type ConvGeometry,
  convAttributes,
  convGeometry,
  convOutputSize,
  geometryAttributes,
  transposedGeometry,
} from "./conv-geometry.ts";
import { depthwiseFilterGradient, inputGradientByConv } from "./conv-gradient.ts";
import { filterGradientByMatrix, hasFewPositions, inputGradientByMatrix } from "./conv-matrix.ts";
import { filterGradientByTaps } from "./conv-taps.ts";
import { reduceSum } from "./reduction.ts";

/** Cross-correlation of x `[N, C, …]` with filters `[M, C/groups, …]`, in any number of dimensions. */
export const Conv: Operator = {
  opType: "Conv",
  infer({ inputs: [x, w, b], attributes }) {
    requireFilters("Conv", x!, w!);
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
    requireBias("Conv", b, outChannels);
    return [{ dtype: x!.dtype, shape: [x!.dims[0], outChannels, ...convOutputSize(x!, geometry)] }];
  },
  flops: ({ inputs: [, w], outputs: [y] }) => 2 * sizeOf(y.dims) * sizeOf(w!.dims.slice(1)),
  gradient({ node, inputs: [x, w, b], cotangents: [dy], wanted }) {
    const geometry = convGeometry(x, w, node.attributes);
    return [
      wanted[0] ? inputGradient(dy!, w, x.dims, geometry) : undefined,
      wanted[1] ? filterGradient(x, dy!, w.dims, geometry) : undefined,
      b && wanted[2] ? reduceSum(dy!, [0, ...dy!.dims.slice(2).map((_, i) => i + 2)], false) : undefined,
    ];
  },
};

/** Throws `rank-mismatch` unless x has three dimensions or more, and the filters as many. */
function requireFilters(opType: string, x: Value, w: Value): void {
  requireRank(opType, "x", x.shape, 3);
  if (w.rank === x.rank) return;
  throw new FoveaError(
    "rank-mismatch",
    `${opType}: the filters (shape [${w.shape}]) must have as many dimensions as x (shape [${x.shape}]).`,
  );
}

/** Throws `shape-mismatch` unless the bias, where there is one, has a number for each channel. */
function requireBias(opType: string, b: Value | undefined, channels: number): void {
  if (!b || `${b.shape}` === `${channels}`) return;
  throw new FoveaError(
    "shape-mismatch",
    `${opType}: the bias (shape [${b.shape}]) must be [${channels}], a number for each channel of the result.`,
  );
}

/** Options of a convolution; a number holds for every dimension. */
export interface ConvOptions {
  stride?: number | readonly number[];
  /** Zeros at both ends of each dimension; of a transposed convolution, elements that are cut off its result there. */
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
  infer({ inputs: [x, w, b], attributes }) {
    requireFilters("ConvTranspose", x!, w!);
    const { groups, size } = transposedGeometry(x!, w!, attributes);
    if (x!.dims[1] !== w!.dims[0] || x!.dims[1] % groups !== 0) {
      throw new FoveaError(
        "shape-mismatch",
        `ConvTranspose: x has ${x!.dims[1]} channels, but the filters (shape [${w!.shape}], \`groups\` ${groups}) take ${w!.dims[0]}, which must be a multiple of \`groups\`.`,
      );
    }
    requireBias("ConvTranspose", b, w!.dims[1] * groups);
    return [{ dtype: x!.dtype, shape: [x!.dims[0], w!.dims[1] * groups, ...size] }];
  },
  flops: ({ inputs: [x, w] }) => 2 * sizeOf(x!.dims) * sizeOf(w!.dims.slice(1)),
  /** Its input's gradient is the convolution itself; its filters' gradient swaps the roles of x and dy. */
  gradient({ node, inputs: [x, w, b], cotangents: [dy], wanted }) {
    const geometry: ConvGeometry = transposedGeometry(x, w, node.attributes);
    const { strides: stride, dilations: dilation, begin: padding, end: paddingEnd, groups } = geometry;
    return [
      wanted[0] ? conv(dy!, w, undefined, { stride, dilation, padding, paddingEnd, groups }) : undefined,
      wanted[1] ? filterGradient(dy!, x, w.dims, geometry) : undefined,
      b && wanted[2] ? reduceSum(dy!, [0, ...dy!.dims.slice(2).map((_, i) => i + 2)], false) : undefined,
    ];
  },
};

/**
 * Transposed convolution: x `[N, M, …]`, filters w `[M, C/groups, …]`, a bias `[C]`. `padding` takes elements away from
 * the ends of the result, `outputPadding` adds some at the far ends.
 */
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

/**
 * ∂loss/∂x of a convolution, from dy and the filters. ONNX has no operator for it that runs at a convolution's speed:
 * it is decomposed, unless whoever executes the graph knows a better way.
 */
export const ConvInputGradient: Operator = {
  opType: "ConvInputGradient",
  domain: "fovea",
  infer: ({ inputs: [dy], shapes }) => [{ dtype: dy!.dtype, shape: shapes![0] }],
  flops: ({ inputs: [dy, w] }) => 2 * sizeOf(dy!.dims) * sizeOf(w!.dims.slice(1)),
  decompose({ attributes, outputs: [dx] }, [dy, w]) {
    const geometry = convGeometry(dx, w, attributes);
    return hasFewPositions({ x: dx.dims, w: w.dims, y: dy.dims, groups: geometry.groups })
      ? [inputGradientByMatrix(dy, w, dx.dims, geometry)]
      : [inputGradientByConv(dy, w, dx.dims, geometry, conv, convTranspose)];
  },
  /** It is linear in dy and in w, as the convolution in x and in w. */
  gradient({ node, inputs: [dy, w], outputs: [dx], cotangents: [g], wanted }) {
    const geometry = convGeometry(dx, w, node.attributes);
    return [
      wanted[0] ? g!.graph.apply(Conv, [g, w], node.attributes)[0] : undefined,
      wanted[1] ? filterGradient(g!, dy, w.dims, geometry) : undefined,
    ];
  },
};

/** ∂loss/∂w of a convolution, from x and dy; decomposed as {@link ConvInputGradient}. */
export const ConvFilterGradient: Operator = {
  opType: "ConvFilterGradient",
  domain: "fovea",
  infer: ({ inputs: [x], shapes }) => [{ dtype: x!.dtype, shape: shapes![0] }],
  flops: ({ inputs: [, dy], outputs: [dw] }) => 2 * sizeOf(dy!.dims) * sizeOf(dw.dims.slice(1)),
  decompose({ attributes, outputs: [dw] }, [x, dy]) {
    const shape = dw.dims;
    const geometry = convGeometry(x, dw, attributes);
    const { groups } = geometry;
    if (shape[1] === 1 && shape[0] === groups && groups > 1) {
      return [depthwiseFilterGradient(x, dy, shape, geometry, conv)];
    }
    return hasFewPositions({ x: x.dims, w: shape, y: dy.dims, groups })
      ? [filterGradientByMatrix(x, dy, shape, geometry)]
      : [filterGradientByTaps(x, dy, shape, geometry)];
  },
  gradient({ node, inputs: [x, dy], outputs: [dw], cotangents: [g], wanted }) {
    const geometry = convGeometry(x, dw, node.attributes);
    return [
      wanted[0] ? inputGradient(dy, g!, x.dims, geometry) : undefined,
      wanted[1] ? g!.graph.apply(Conv, [x, g], node.attributes)[0] : undefined,
    ];
  },
};

function inputGradient(dy: Value, w: Value, shape: readonly number[], geometry: ConvGeometry): Value {
  return dy.graph.apply(ConvInputGradient, [dy, w], geometryAttributes(geometry), [shape])[0];
}

function filterGradient(x: Value, dy: Value, shape: readonly number[], geometry: ConvGeometry): Value {
  return x.graph.apply(ConvFilterGradient, [x, dy], geometryAttributes(geometry), [shape])[0];
}
