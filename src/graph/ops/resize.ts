import { FoveaError, toNumbers } from "../../core/index.ts";
import type { Value } from "../graph.ts";
import type { Attributes, InferContext, Operator } from "../operator.ts";
import { axisOf, type Dim } from "../shape.ts";
import { type AxisResize, resizeMatrix } from "./interpolation.ts";
import { knownTensor } from "./known-numbers.ts";
import { mapAxis, transposed } from "./linear-map.ts";
import { reduceSum } from "./reduction.ts";
import { reshape } from "./reshape.ts";

/** Inputs: x, (roi), scales or sizes. */
export const Resize: Operator = {
  opType: "Resize",
  floats: ["cubic_coeff_a", "extrapolation_value"],
  infer: (context) => [{ dtype: context.inputs[0]!.dtype, shape: resizedShape(context) }],
  gradient({ node, inputs, outputs: [y], cotangents: [dy] }) {
    const [x] = inputs;
    const resizes = axisResizes(inputs, y, node.attributes);
    if (resizes.every(({ from, to }) => from === to)) return [dy]; // ONNX Runtime copies x, whatever the scales or the crop
    const repeated = sumRepeats(x, resizes, dy!, node.attributes);
    if (repeated) return [repeated];
    let result = dy!;
    for (const [axis, resize] of resizes.entries()) {
      // With antialiasing it copies every axis that keeps its size.
      const isCopied = resize.scale === 1 || node.attributes.antialias === 1;
      if (resize.from === resize.to && isCopied) continue;
      result = mapAxis(result, axis, transposed(resizeMatrix(resize, node.attributes)));
    }
    return [result];
  },
};

function resizedShape({ inputs: [x, , scales, sizes], attributes, shapes }: InferContext): readonly Dim[] {
  if (shapes) return shapes[0];
  const policy = (attributes.keep_aspect_ratio_policy as string | undefined) ?? "stretch";
  if (policy !== "stretch") {
    throw new FoveaError(
      "operator-unsupported",
      `Resize: keep_aspect_ratio_policy "${policy}" is not supported.`,
    );
  }
  const target = sizes ?? scales;
  const numbers = target && knownTensor(target);
  if (!numbers) {
    throw new FoveaError("shape-unknown", `Resize: the size of \`${x!.name}\`'s result must be a constant.`);
  }
  const shape: Dim[] = [...x!.shape];
  const axes = axesOf(x!, attributes);
  for (const [i, number] of toNumbers(numbers).entries()) {
    shape[axes[i]] = sizes ? number : scaledSize(x!.dims[axes[i]], number);
  }
  return shape;
}

/** The size of a scaled dimension: the product in single precision, as ONNX Runtime computes it. */
export function scaledSize(size: number, scale: number): number {
  return Math.floor(Math.fround(size * scale));
}

/** The axes that scales or sizes stand for. */
function axesOf(x: Value, attributes: Attributes): readonly number[] {
  const named = attributes.axes as readonly number[] | undefined;
  return named ? named.map((axis) => axisOf("Resize", axis, x.rank)) : x.shape.map((_, i) => i);
}

function axisResizes(
  [x, , scales]: readonly (Value | undefined)[],
  y: Value,
  attributes: Attributes,
): AxisResize[] {
  const known = scales && knownTensor(scales);
  const given = known && known.data.length > 0 ? toNumbers(known) : undefined;
  const axes = axesOf(x!, attributes);
  return x!.dims.map((from, axis) => {
    const to = y.dims[axis];
    const scale = given && axes.includes(axis) ? given[axes.indexOf(axis)] : to / from;
    return { from, to, scale };
  });
}

/** Enlarging by whole factors with nearest neighbours repeats elements: their cotangents add up. */
function sumRepeats(
  x: Value,
  resizes: readonly AxisResize[],
  dy: Value,
  attributes: Attributes,
): Value | undefined {
  const { mode = "nearest", nearest_mode, coordinate_transformation_mode: coordinates } = attributes;
  const factors = resizes.map(({ from, to }) => to / from);
  const whole = resizes.every(({ scale }, i) => Number.isInteger(factors[i]) && scale === factors[i]);
  if (!whole || mode !== "nearest" || nearest_mode !== "floor" || coordinates !== "asymmetric")
    return undefined;
  const blocks = x.dims.flatMap((dim, i) => [dim, factors[i]]);
  const inner = factors.flatMap((factor, i) => (factor > 1 ? [2 * i + 1] : []));
  return reshape(reduceSum(reshape(dy, blocks), inner, false), x.dims);
}

/** Enlarges every spatial dimension by a whole factor, repeating elements. */
export function upsampleNearest(x: Value, factor: number): Value {
  const size = x.dims.map((dim, i) => (i < 2 ? dim : dim * factor));
  const attributes = {
    mode: "nearest",
    nearest_mode: "floor",
    coordinate_transformation_mode: "asymmetric",
  };
  return x.graph.apply(Resize, [x, undefined, undefined, x.graph.integers(size)], attributes)[0];
}

/**
 * Resizes to `sizes` (int64, every dimension) by linear interpolation between pixel centres; `antialias`
 * widens the kernel when it makes a picture smaller, as Pillow and PyTorch do.
 */
export function resizeLinear(x: Value, sizes: Value, shape: readonly Dim[], antialias = true): Value {
  const attributes = {
    mode: "linear",
    coordinate_transformation_mode: "half_pixel",
    ...(antialias ? { antialias: 1, exclude_outside: 1 } : {}), // edges are not repeated into the kernel
  };
  return x.graph.apply(Resize, [x, undefined, undefined, sizes], attributes, [shape])[0];
}
