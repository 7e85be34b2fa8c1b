import { FoveaError, sizeOf, tensor } from "../../core/index.ts";
import type { Node, Value } from "../graph.ts";
import type { Attributes, Operator } from "../operator.ts";
import { requireRank } from "../shape.ts";
import { add, div } from "./arithmetic.ts";
import { resolvePads } from "./conv-geometry.ts";
import { scatterElements } from "./elements.ts";
import { gather } from "./gather.ts";
import { zeros } from "./reduction.ts";
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
  if (kernel.some((k, i) => begin[i] >= k || end[i] >= k)) {
    throw new FoveaError(
      "argument-range",
      `${opType}: \`padding\` (=[${[...begin, ...end]}]) must be smaller than the window (\`kernelSize\` [${kernel}]); pad less.`,
    );
  }
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

/**
 * A pool's attributes, those left out that ONNX Runtime misreads: its shape rule counts the window in the padding that
 * falls away with `ceil_mode`, and where it computes `auto_pad`, it takes a dilated window for a plain one.
 */
function writtenPool({ operator, inputs: [x], attributes }: Node): Attributes {
  if (!x!.shape.every((dim) => typeof dim === "number")) return attributes;
  const { ceil_mode, auto_pad, ...rest } = attributes;
  const { begin, end, dilations } = poolGeometry(x!, attributes);
  const isSame = auto_pad === "SAME_UPPER" || auto_pad === "SAME_LOWER";
  const padded = isSame && dilations.some((n) => n > 1) ? { pads: [...begin, ...end] } : { auto_pad };
  const whole = Object.fromEntries(
    Object.entries({ ...rest, ...padded }).filter(([, value]) => value !== undefined),
  );
  const [least, most] = [whole, attributes].map((given) =>
    pooledShape(operator.opType, x!, given as Attributes),
  );
  return (`${least}` === `${most}` ? whole : { ...whole, ceil_mode }) as Attributes;
}

/** One operation for each element under each window. */
function windowFlops({ outputs: [y], attributes }: Node): number {
  return sizeOf(y.dims) * sizeOf(attributes.kernel_shape as readonly number[]);
}

/** Largest element under a moving window; padding never wins. */
export const MaxPool: Operator = {
  opType: "MaxPool",
  infer({ inputs: [x], attributes }) {
    return [{ dtype: x!.dtype, shape: pooledShape("MaxPool", x!, attributes) }];
  },
  flops: windowFlops,
  written: writtenPool,
  /** The cotangent goes to where the maximum stood. */
  gradient({ node, inputs: [x], cotangents: [dy] }) {
    const { kernel, strides, dilations, begin, end, ceil } = poolGeometry(x, node.attributes);
    const { storage_order: _, ...attributes } = node.attributes; // places are to count as elements lie in x
    const places = maxPoolIndices(x, attributes)[1];
    const apart =
      !ceil &&
      kernel.every((k, i) => k === strides[i] && (k === 1 || dilations[i] === 1)) &&
      [...begin, ...end].every((n) => n === 0);
    if (apart) {
      const target = x.graph.integers(x.dims);
      const windows = { kernel_shape: kernel, strides, pads: [...begin, ...end] };
      return [x.graph.apply(MaxUnpool, [dy, places, target], windows, [x.shape])[0]];
    }
    const empty = zeros(x.graph, [sizeOf(x.dims)], x.dtype);
    return [reshape(scatterElements(empty, reshape(places, [-1]), reshape(dy!, [-1]), 0, "add"), x.dims)];
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
  written: writtenPool,
  gradient: (context) => MaxPool.gradient!(context),
};

/** The largest elements, and where in the flattened x each stood; `attributes` are ONNX's. */
export function maxPoolIndices(x: Value, attributes: Attributes): readonly Value[] {
  return x.graph.apply(MaxPoolIndices, [x], attributes);
}

const MaxUnpool: Operator = {
  opType: "MaxUnpool",
  infer: ({ inputs: [x], shapes }) => [{ dtype: x!.dtype, shape: shapes![0] }],
  gradient: ({ inputs: [, places], cotangents: [dy] }) => [gather(reshape(dy!, [-1]), places, 0)],
};

/** Options of a pooling window; numbers hold for every dimension. */
export interface PoolOptions {
  kernelSize: number | readonly number[];
  /** Default: the kernel's size, so that windows do not overlap. */
  stride?: number | readonly number[];
  padding?: number | readonly number[];
  /** Rounds the number of windows up: the last may reach beyond the padding. Default false. */
  ceilMode?: boolean;
}

function poolAttributes(
  x: Value,
  { kernelSize, stride = kernelSize, padding = 0, ceilMode = false }: PoolOptions,
): Attributes {
  const spread = (value: number | readonly number[]) =>
    typeof value === "object" ? value : Array.from({ length: x.rank - 2 }, () => value);
  return {
    kernel_shape: spread(kernelSize),
    strides: spread(stride),
    pads: [...spread(padding), ...spread(padding)],
    ...(ceilMode && { ceil_mode: 1 }),
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
  flops: windowFlops,
  written: writtenPool,
  gradient({ node, inputs: [x], cotangents: [dy] }) {
    const geometry = poolGeometry(x, node.attributes);
    const share = div(dy!, windowCounts(x, dy!, geometry, node.attributes.count_include_pad === 1));
    return [spreadWindows(share, x, geometry)];
  },
};

/** Number of elements that each window counts, `[1, 1, …]`: real ones, and with `padded` those of the padding. */
function windowCounts(x: Value, y: Value, geometry: PoolGeometry, padded: boolean): Value {
  const { kernel, strides, dilations, begin, end } = geometry;
  const counts = x.dims.slice(2).map((dim, i) => {
    const [low, high] = padded ? [-begin[i], dim + end[i]] : [0, dim];
    return Array.from({ length: y.dims[i + 2] }, (_, o) => {
      const taps = Array.from({ length: kernel[i] }, (_, t) => o * strides[i] - begin[i] + t * dilations[i]);
      return taps.filter((at) => at >= low && at < high).length;
    });
  });
  const flat = counts.reduce<number[]>((all, along) => all.flatMap((a) => along.map((b) => a * b)), [1]);
  return x.graph.constant(tensor(flat, [1, 1, ...counts.map((c) => c.length)], x.dtype));
}

/** Adds each window's share to all the elements under it: separable, one dimension after the other. */
function spreadWindows(share: Value, x: Value, geometry: PoolGeometry): Value {
  const { kernel, strides, dilations, begin, end } = geometry;
  let result = share;
  for (const [i, k] of kernel.entries()) {
    const axis = i + 2;
    const padded = x.dims[axis] + begin[i] + end[i];
    const reach = (share.dims[axis] - 1) * strides[i] + (k - 1) * dilations[i] + 1; // with ceil_mode beyond the padding
    let total: Value | undefined;
    for (let tap = 0; tap < k; tap++) {
      const placed = embed(result, axis, tap * dilations[i], strides[i], Math.max(padded, reach));
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
