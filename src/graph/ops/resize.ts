import { FoveaError } from "../../core/index.ts";
import type { Value } from "../graph.ts";
import type { Operator } from "../operator.ts";
import type { Dim } from "../shape.ts";
import { reduceSum } from "./reduction.ts";
import { reshape, transpose } from "./reshape.ts";

/** Inputs: x, (roi), (scales), sizes. */
export const Resize: Operator = {
  opType: "Resize",
  floats: ["cubic_coeff_a", "extrapolation_value"],
  infer: ({ inputs: [x], shapes }) => [{ dtype: x!.dtype, shape: shapes![0] }],
  /** Enlarging by whole factors with nearest neighbours repeats elements: their cotangents add up. */
  gradient({ node, inputs: [x], outputs: [y], cotangents: [dy] }) {
    const factors = x.dims.map((dim, i) => y.dims[i] / dim);
    const { mode, nearest_mode, coordinate_transformation_mode: coordinates } = node.attributes;
    const repeats = mode === "nearest" && nearest_mode === "floor" && coordinates === "asymmetric";
    if (!repeats || !factors.every(Number.isInteger)) {
      throw new FoveaError(
        "no-gradient",
        `Resize \`${node.name}\` from [${x.shape}] to [${y.shape}]: only enlarging by whole factors to nearest neighbours has a gradient.`,
      );
    }
    const blocks = x.dims.flatMap((dim, i) => [dim, factors[i]]);
    const inner = factors.flatMap((factor, i) => (factor > 1 ? [2 * i + 1] : []));
    return [reshape(reduceSum(reshape(dy!, blocks), inner, false), x.dims)];
  },
};

/** Enlarges every spatial dimension by a whole factor, repeating elements. */
export function upsampleNearest(x: Value, factor: number): Value {
  const size = x.dims.map((dim, i) => (i < 2 ? dim : dim * factor));
  const attributes = {
    mode: "nearest",
    nearest_mode: "floor",
    coordinate_transformation_mode: "asymmetric",
  };
  return x.graph.apply(Resize, [x, undefined, undefined, x.graph.integers(size)], attributes, [size])[0];
}

/**
 * Resizes to `sizes` (int64, every dimension) by linear interpolation between pixel centres; `antialias`
 * widens the kernel when it makes a picture smaller, as Pillow and PyTorch do. No gradient.
 */
export function resizeLinear(x: Value, sizes: Value, shape: readonly Dim[], antialias = true): Value {
  const attributes = {
    mode: "linear",
    coordinate_transformation_mode: "half_pixel",
    ...(antialias ? { antialias: 1, exclude_outside: 1 } : {}), // edges are not repeated into the kernel
  };
  return x.graph.apply(Resize, [x, undefined, undefined, sizes], attributes, [shape])[0];
}

/** `[N, C, H, W]` to `[N, C·b², H/b, W/b]`: each b×b block becomes channels. */
export const SpaceToDepth: Operator = {
  opType: "SpaceToDepth",
  infer({ inputs: [x], attributes }) {
    const block = attributes.blocksize as number;
    const [n, c, h, w] = x!.dims;
    if (h % block || w % block) {
      throw new FoveaError(
        "shape-mismatch",
        `SpaceToDepth: height ${h} and width ${w} must be multiples of \`blocksize\` (=${block}).`,
      );
    }
    return [{ dtype: x!.dtype, shape: [n, c * block * block, h / block, w / block] }];
  },
  gradient({ node, inputs: [x], cotangents: [dy] }) {
    const block = node.attributes.blocksize as number;
    const [n, c, h, w] = x.dims;
    const blocks = reshape(dy!, [n, block, block, c, h / block, w / block]);
    return [reshape(transpose(blocks, [0, 3, 4, 1, 5, 2]), x.dims)];
  },
};

/** Moves each block × block patch of positions into channels. */
export function spaceToDepth(x: Value, block: number): Value {
  return x.graph.apply(SpaceToDepth, [x], { blocksize: block })[0];
}
