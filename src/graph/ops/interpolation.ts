import { FoveaError } from "../../core/index.ts";
import type { Attributes } from "../operator.ts";
import type { Matrix } from "./linear-map.ts";

/** One dimension of a resize: from `from` elements to `to`, `scale` of them for each of the old ones. */
export interface AxisResize {
  from: number;
  to: number;
  scale: number;
}

/**
 * The matrix `[to, from]` by which ONNX's Resize computes one axis: every mode but `tf_crop_and_resize` is
 * linear and works axis by axis.
 */
export function resizeMatrix(axis: AxisResize, attributes: Attributes): Matrix {
  const { from, to } = axis;
  const data = new Float32Array(to * from);
  for (let row = 0; row < to; row++) {
    for (const [column, weight] of weightsAt(place(row, axis, attributes), axis, attributes)) {
      data[row * from + Math.min(Math.max(column, 0), from - 1)] += weight;
    }
  }
  return { rows: to, columns: from, data };
}

/**
 * Where output element `at` lies among the inputs: the attribute `coordinate_transformation_mode`. In single
 * precision, as ONNX Runtime computes it: which neighbour is the nearest may hang on that.
 */
function place(at: number, axis: AxisResize, attributes: Attributes): number {
  const { from, to } = axis;
  const scale = Math.fround(axis.scale);
  const centre = Math.fround((at + 0.5) / scale);
  const half = Math.fround(centre - 0.5);
  const mode = (attributes.coordinate_transformation_mode as string | undefined) ?? "half_pixel";
  switch (mode) {
    case "half_pixel":
      return half;
    case "half_pixel_symmetric": {
      const adjustment = Math.fround(to / Math.fround(scale * from));
      const offset = Math.fround((from / 2) * Math.fround(1 - adjustment));
      return Math.fround(Math.fround(offset + centre) - 0.5);
    }
    case "pytorch_half_pixel":
      return to > 1 ? half : 0;
    case "align_corners":
      return to > 1 ? Math.fround((at * (from - 1)) / (to - 1)) : 0;
    case "asymmetric":
      return Math.fround(at / scale);
    default:
      throw new FoveaError(
        "no-gradient",
        `Resize: the coordinate_transformation_mode "${mode}" has no gradient.`,
      );
  }
}

/** The inputs that make up an output, and their weights. */
function weightsAt(position: number, axis: AxisResize, attributes: Attributes): [number, number][] {
  const mode = (attributes.mode as string | undefined) ?? "nearest";
  if (mode === "nearest") return [[nearest(position, attributes.nearest_mode as string | undefined), 1]];
  const cubic = mode === "cubic";
  const stretch = attributes.antialias === 1 ? Math.max(1, 1 / axis.scale) : 1;
  const sharpness = (attributes.cubic_coeff_a as number | undefined) ?? -0.75;
  const reach = (cubic ? 2 : 1) * stretch;
  const weights: [number, number][] = [];
  for (let i = Math.floor(position - reach) + 1; i <= Math.ceil(position + reach) - 1; i++) {
    const distance = Math.abs(i - position) / stretch;
    const weight = cubic ? cubicKernel(distance, sharpness) : Math.max(0, 1 - distance);
    if (weight !== 0) weights.push([i, weight]);
  }
  if (weights.length === 0) weights.push([Math.round(position), 1]);
  const inside =
    attributes.exclude_outside === 1 ? weights.filter(([i]) => i >= 0 && i < axis.from) : weights;
  const total = inside.reduce((sum, [, weight]) => sum + weight, 0);
  return inside.map(([i, weight]) => [i, weight / total]);
}

function nearest(position: number, mode = "round_prefer_floor"): number {
  switch (mode) {
    case "floor":
      return Math.floor(position);
    case "ceil":
      return Math.ceil(position);
    case "round_prefer_ceil":
      return Math.floor(position + 0.5);
    default:
      return Math.ceil(position - 0.5);
  }
}

/** Cubic convolution (Keys 1981) at distances below 2. */
function cubicKernel(d: number, a: number): number {
  return d <= 1 ? ((a + 2) * d - (a + 3)) * d * d + 1 : ((a * d - 5 * a) * d + 8 * a) * d - 4 * a;
}
