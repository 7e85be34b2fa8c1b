import { FoveaError, tensor } from "../../core/index.ts";
import type { Value } from "../graph.ts";
import type { Operator } from "../operator.ts";
import { relu } from "./activation.ts";
import { add, mul, sub } from "./arithmetic.ts";
import { and, greaterOrEqual, lessOrEqual } from "./comparison.ts";
import { clip } from "./extremum.ts";
import { matmul, transposeLast } from "./matmul.ts";
import { reduceMean } from "./mean.ts";
import { reshape, transpose } from "./reshape.ts";
import { rowSums } from "./row-sums.ts";
import { slice } from "./slicing.ts";
import { abs, cast } from "./unary.ts";

/**
 * Inputs: x `[N, C, H, W]`, regions `[R, 4]` (corners), the picture of each region `[R]` (int64). Output
 * `[R, C, output_height, output_width]`: the mean (or largest) of bilinear samples in each bin (He et al. 2017).
 */
export const RoiAlign: Operator = {
  opType: "RoiAlign",
  floats: ["spatial_scale"],
  infer({ inputs: [x, regions], attributes }) {
    const { output_height: height = 1, output_width: width = 1 } = attributes as Record<string, number>;
    return [{ dtype: x!.dtype, shape: [regions!.shape[0], x!.shape[1], height, width] }];
  },
  /**
   * A region's samples form a grid, so its answer is A·x·Bᵀ with a matrix for each axis, and Aᵀ·dy·B flows back.
   */
  gradient({ node, inputs: [x, regions, pictures], cotangents: [dy], wanted }) {
    const attributes = node.attributes as Record<string, number | string | undefined>;
    const samples = Number(attributes.sampling_ratio ?? 0);
    if (wanted[1] || attributes.mode === "max" || samples <= 0) {
      throw new FoveaError(
        "no-gradient",
        `RoiAlign \`${node.name}\`: only its first input has a gradient, with mode "avg" and a \`sampling_ratio\` > 0.`,
      );
    }
    const [, , height, width] = x.dims;
    const [count, channels, rows, columns] = dy!.dims;
    const scale = Number(attributes.spatial_scale ?? 1);
    const offset = attributes.coordinate_transformation_mode === "output_half_pixel" ? 0 : 0.5;
    const along = (first: 0 | 1, bins: number, size: number) =>
      samplingMatrix(regions, first, { bins, samples, size, scale, offset });
    const down = along(1, rows, height); // [R, 1, rows, H]
    const across = along(0, columns, width); // [R, 1, columns, W]
    const wide = matmul(dy!, across); // [R, C, rows, W]
    if (x.dims[0] === 1) {
      // All regions are of one picture: their sum is part of one product, and no map for each region is made.
      const stacked = reshape(transpose(wide, [1, 0, 2, 3]), [channels, count * rows, width]);
      const dx = matmul(transposeLast(reshape(down, [1, count * rows, height])), stacked); // [C, H, W]
      return [reshape(dx, x.dims), undefined, undefined];
    }
    const spread = matmul(transposeLast(down), wide); // [R, C, H, W]
    const maps = reshape(spread, [count, channels * height * width]);
    const summed = rowSums(x.dims[0], cast(pictures, "int64"), maps);
    return [reshape(summed, x.dims), undefined, undefined];
  },
};

interface Sampling {
  bins: number;
  samples: number;
  size: number;
  scale: number;
  offset: number;
}

/** The weights `[R, 1, bins, size]` by which each bin of a region sees the positions along one axis. */
function samplingMatrix(
  regions: Value,
  first: 0 | 1,
  { bins, samples, size, scale, offset }: Sampling,
): Value {
  const { graph } = regions;
  const edge = (column: number) => sub(mul(slice(regions, 1, column, column + 1), scale), offset); // [R, 1]
  const start = edge(first);
  const whole = sub(edge(first + 2), start);
  const length = offset === 0 ? add(relu(sub(whole, 1)), 1) : whole; // the old rule: at least one element long
  const count = regions.dims[0];
  const share = Array.from({ length: bins * samples }, (_, i) => (i + 0.5) / (bins * samples));
  const steps = graph.constant(tensor(share, [1, bins * samples], regions.dtype));
  const position = reshape(add(start, mul(length, steps)), [count, bins, samples, 1]);
  const inside = and(greaterOrEqual(position, -1), lessOrEqual(position, size));
  const elements = graph.constant(
    tensor(
      Array.from({ length: size }, (_, i) => i),
      [1, 1, 1, size],
      regions.dtype,
    ),
  );
  const hat = relu(sub(1, abs(sub(clip(position, 0, size - 1), elements))));
  const mean = reduceMean(mul(hat, cast(inside, regions.dtype)), [2], false); // [R, bins, size]
  return reshape(mean, [count, 1, bins, size]);
}

/** Bilinear samples of regions. */
export interface RoiAlignOptions {
  outputHeight: number;
  outputWidth: number;
  /** Samples along each side of a bin; 0: as many as elements of x lie along it, which has no gradient. */
  samplingRatio: number;
  /** Elements of x per unit of the regions. */
  spatialScale?: number;
}

/** Mean of bilinear samples of x `[N, C, H, W]` in the bins of regions `[R, 4]` of the pictures `[R]`. */
export function roiAlign(x: Value, regions: Value, pictures: Value, options: RoiAlignOptions): Value {
  const attributes = {
    output_height: options.outputHeight,
    output_width: options.outputWidth,
    sampling_ratio: options.samplingRatio,
    spatial_scale: options.spatialScale ?? 1,
    coordinate_transformation_mode: "half_pixel",
    mode: "avg",
  };
  return x.graph.apply(RoiAlign, [x, regions, pictures], attributes)[0];
}
