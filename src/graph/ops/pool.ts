import { FoveaError } from "../../core/index.ts";
import type { Value } from "../graph.ts";
import type { Attributes, Operator } from "../operator.ts";
import { requireRank } from "../shape.ts";
import { add, div, mul } from "./arithmetic.ts";
import { resolvePads } from "./conv-geometry.ts";
import { scatterAdd } from "./gather.ts";
import { expand } from "./reduction.ts";
import { reshape } from "./reshape.ts";
import { embed, slice } from "./slicing.ts";

interface PoolGeometry {
  readonly kernel: readonly number[];
  readonly strides: readonly number[];
  readonly dilations: readonly number[];
  readonly begin: readonly number[];
  readonly end: readonly number[];
  /** Whether a last window may reach beyond the padding. */
  readonly ceil: boolean;
}

function poolGeometry(x: Value, attributes: Attributes): PoolGeometry {
  const kernel = attributes.kernel_shape as readonly number[];
  const strides = (attributes.strides as readonly number[] | undefined) ?? kernel.map(() => 1);
  const dilations = (attributes.dilations as readonly number[] | undefined) ?? kernel.map(() => 1);
  const [begin, end] = resolvePads(x, kernel, strides, dilations, attributes);
  return { kernel, strides, dilations, begin, end, ceil: attributes.ceil_mode === 1 };
}

function pooledShape(opType: string, x: Value, attributes: Attributes): number[] {
  const { kernel, strides, dilations, begin, end, ceil } = poolGeometry(x, attributes);
  requireRank(opType, "x", x.shape, 2 + kernel.length);
  const size = kernel.map((k, i) => {
    const inside = x.dims[i + 2] + begin[i];
    const room = inside + end[i] - (dilations[i] * (k - 1) + 1);
    if (room < 0) {
      throw new FoveaError(
        "shape-mismatch",
        `${opType}: a window of ${k} does not fit dimension ${i + 2} of x (${x.dims[i + 2]} with padding ${begin[i]}+${end[i]}).`,
      );
    }
    if (!ceil) return Math.floor(room / strides[i]) + 1;
    const last = Math.ceil(room / strides[i]);
    return last * strides[i] < inside ? last + 1 : last; // no window begins in the padding behind x
  });
  return [x.dims[0], x.dims[1], ...size];
}

/** Largest element under a moving window; padding never wins. */
export const MaxPool: Operator = {
  opType: "MaxPool",
  infer({ inputs: [x], attributes }) {
    return [{ dtype: x!.dtype, shape: pooledShape("MaxPool", x!, attributes) }];
  },
  /** The cotangent goes to where the maximum stood. */
  gradient({ node, inputs: [x], cotangents: [dy] }) {
    const { kernel, strides, begin, end, ceil } = poolGeometry(x, node.attributes);
    const places = x.graph.apply(MaxPoolIndices, [x], node.attributes)[1];
    const apart =
      !ceil && kernel.every((k, i) => k === strides[i]) && [...begin, ...end].every((n) => n === 0);
    if (apart) {
      const target = x.graph.integers(x.dims);
      const attributes = { kernel_shape: kernel, strides, pads: [...begin, ...end] };
      return [x.graph.apply(MaxUnpool, [dy, places, target], attributes, [x.shape])[0]];
    }
    const size = x.dims.reduce((a, b) => a * b, 1);
    const empty = expand(reshape(x.graph.scalar(0, x.dtype), [1]), [size]);
    return [reshape(scatterAdd(empty, reshape(places, [-1, 1]), reshape(dy!, [-1])), x.dims)];
  },
};

/** MaxPool with its second output: where in the flattened x each maximum stood. */
const MaxPoolIndices: Operator = {
  opType: "MaxPool",
  infer({ inputs: [x], attributes }) {
    const shape = pooledShape("MaxPool", x!, attributes);
    return [
      { dtype: x!.dtype, shape },
      { dtype: "int64", shape },
    ];
  },
};

const MaxUnpool: Operator = {
  opType: "MaxUnpool",
  infer: ({ inputs: [x], shapes }) => [{ dtype: x!.dtype, shape: shapes![0] }],
};

/** Options of a pooling window; numbers hold for every dimension. */
export interface PoolOptions {
  kernelSize: number | readonly number[];
  /** Default: the kernel's size, so that windows do not overlap. */
  stride?: number | readonly number[];
  padding?: number | readonly number[];
}

function poolAttributes(x: Value, { kernelSize, stride = kernelSize, padding = 0 }: PoolOptions): Attributes {
  const spread = (value: number | readonly number[]) =>
    typeof value === "object" ? value : Array.from({ length: x.rank - 2 }, () => value);
  return {
    kernel_shape: spread(kernelSize),
    strides: spread(stride),
    pads: [...spread(padding), ...spread(padding)],
  };
}

/** Largest element under each window. */
export function maxPool(x: Value, options: PoolOptions): Value {
  return x.graph.apply(MaxPool, [x], poolAttributes(x, options))[0];
}

/** Mean under a moving window; padding is left out of the mean unless `count_include_pad`. */
export const AveragePool: Operator = {
  opType: "AveragePool",
  infer: ({ inputs: [x], attributes }) => [
    { dtype: x!.dtype, shape: pooledShape("AveragePool", x!, attributes) },
  ],
  gradient({ node, inputs: [x], cotangents: [dy] }) {
    const geometry = poolGeometry(x, node.attributes);
    if (geometry.ceil || geometry.dilations.some((n) => n !== 1)) {
      throw new FoveaError(
        "no-gradient",
        `AveragePool (node \`${node.name}\`): with ceil_mode or dilations it has no gradient.`,
      );
    }
    const share = node.attributes.count_include_pad
      ? mul(dy!, 1 / geometry.kernel.reduce((a, b) => a * b, 1))
      : div(dy!, windowCounts(x, geometry));
    return [spreadWindows(share, x, geometry)];
  },
};

/** Number of real elements under each window, `[1, 1, …]`. */
function windowCounts(x: Value, geometry: PoolGeometry): Value {
  const { kernel, strides, begin, end } = geometry;
  const size = x.dims.slice(2);
  const counts = size.map((dim, i) => {
    const outputs = Math.floor((dim + begin[i] + end[i] - kernel[i]) / strides[i]) + 1;
    return Array.from({ length: outputs }, (_, o) => {
      const first = Math.max(0, o * strides[i] - begin[i]);
      return Math.min(dim, o * strides[i] - begin[i] + kernel[i]) - first;
    });
  });
  const flat = counts.reduce<number[]>((all, along) => all.flatMap((a) => along.map((b) => a * b)), [1]);
  const data = Float32Array.from(flat);
  return x.graph.constant({ dtype: "float32", shape: [1, 1, ...counts.map((c) => c.length)], data });
}

/** Adds each window's share to all the elements under it: separable, one dimension after the other. */
function spreadWindows(share: Value, x: Value, geometry: PoolGeometry): Value {
  const { kernel, strides, begin, end } = geometry;
  let result = share;
  for (const [i, k] of kernel.entries()) {
    const axis = i + 2;
    const padded = x.dims[axis] + begin[i] + end[i];
    let total: Value | undefined;
    for (let tap = 0; tap < k; tap++) {
      const placed = embed(result, axis, tap, strides[i], padded);
      total = total ? add(total, placed) : placed;
    }
    result = slice(total!, axis, begin[i], begin[i] + x.dims[axis]);
  }
  return result;
}

/** Mean under each window. */
export function averagePool(x: Value, options: PoolOptions): Value {
  return x.graph.apply(AveragePool, [x], poolAttributes(x, options))[0];
}

/** Mean over all positions, `[N, C, 1, …]`. */
export const GlobalAveragePool: Operator = {
  opType: "GlobalAveragePool",
  infer: ({ inputs: [x] }) => [{ dtype: x!.dtype, shape: x!.shape.map((dim, i) => (i < 2 ? dim : 1)) }],
  gradient({ inputs: [x], cotangents: [dy] }) {
    const positions = x.dims.slice(2).reduce((a, b) => a * b, 1);
    return [expand(mul(dy!, 1 / positions), x.shape)];
  },
};

/** Mean over all positions. */
export function globalAveragePool(x: Value): Value {
  return x.graph.apply(GlobalAveragePool, [x])[0];
}
