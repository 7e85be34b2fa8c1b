import { FoveaError } from "../../core/index.ts";
import type { Value } from "../graph.ts";
import type { Attributes } from "../operator.ts";
import type { ConvOptions } from "./conv.ts";

/** A convolution's extents, one number for each spatial dimension. */
export interface ConvGeometry {
  readonly kernel: readonly number[];
  readonly strides: readonly number[];
  readonly dilations: readonly number[];
  /** Zeros before the first element. */
  readonly begin: readonly number[];
  /** Zeros after the last one. */
  readonly end: readonly number[];
  readonly groups: number;
}

/** Reads ONNX's attributes, with their defaults. */
export function convGeometry(x: Value, w: Value, attributes: Attributes): ConvGeometry {
  const kernel = w.dims.slice(2);
  const list = (name: string, fallback: number) =>
    (attributes[name] as readonly number[] | undefined) ?? kernel.map(() => fallback);
  const strides = list("strides", 1);
  const dilations = list("dilations", 1);
  const [begin, end] = resolvePads(x, kernel, strides, dilations, attributes);
  return { kernel, strides, dilations, begin, end, groups: (attributes.group as number | undefined) ?? 1 };
}

/** Padding before and after each spatial dimension, from `pads` or from what `auto_pad` asks for. Throws `argument-range`. */
export function resolvePads(
  x: Value,
  kernel: readonly number[],
  strides: readonly number[],
  dilations: readonly number[],
  attributes: Attributes,
): readonly [begin: readonly number[], end: readonly number[]] {
  for (const [name, sizes] of Object.entries({ kernel, strides, dilations })) {
    if (sizes.every((size) => Number.isInteger(size) && size >= 1)) continue;
    throw new FoveaError(
      "argument-range",
      `Windows over \`${x.name}\`: \`${name}\` (=[${sizes}]) must be whole numbers ≥ 1.`,
    );
  }
  const pads = (attributes.pads as readonly number[] | undefined) ?? kernel.flatMap(() => [0, 0]);
  if (!pads.every((size) => Number.isInteger(size) && size >= 0)) {
    throw new FoveaError(
      "argument-range",
      `Windows over \`${x.name}\`: \`padding\` (=[${pads}]) must be whole numbers ≥ 0; to leave out a border, cut it off with \`slice\`.`,
    );
  }
  const mode = (attributes.auto_pad as string | undefined) ?? "NOTSET";
  if (mode !== "SAME_UPPER" && mode !== "SAME_LOWER") {
    return [pads.slice(0, kernel.length), pads.slice(kernel.length)];
  }
  const total = kernel.map((size, i) => {
    const outputs = Math.ceil(x.dims[i + 2] / strides[i]);
    return Math.max(0, (outputs - 1) * strides[i] + dilations[i] * (size - 1) + 1 - x.dims[i + 2]);
  });
  const begin = total.map((n) => (mode === "SAME_UPPER" ? Math.floor(n / 2) : Math.ceil(n / 2)));
  return [begin, total.map((n, i) => n - begin[i])];
}

/** The geometry of a transposed convolution, its padding resolved. */
export interface TransposedGeometry extends ConvGeometry {
  /** The spatial sizes of its result. */
  readonly size: readonly number[];
}

/**
 * Reads ConvTranspose's attributes. Padding may follow from the size of the result: from the one that `output_shape`
 * asks for, or, with `auto_pad` SAME_UPPER or SAME_LOWER, from x's size times the strides.
 *
 * @throws FoveaError `argument-range` for `output_padding` that reaches a stride: no convolution leaves so much over
 */
export function transposedGeometry(x: Value, w: Value, attributes: Attributes): TransposedGeometry {
  const { auto_pad: mode, output_shape, output_padding, ...explicit } = attributes;
  const geometry = convGeometry(x, w, explicit);
  const { kernel, strides, dilations } = geometry;
  const extra = (output_padding as readonly number[] | undefined) ?? kernel.map(() => 0);
  if (!extra.every((size, i) => Number.isInteger(size) && size >= 0 && size < strides[i])) {
    throw new FoveaError(
      "argument-range",
      `ConvTranspose: \`output_padding\` (=[${extra}]) must be whole numbers ≥ 0, each smaller than its stride (strides [${strides}]).`,
    );
  }
  const full = kernel.map((k, i) => (x.dims[i + 2] - 1) * strides[i] + dilations[i] * (k - 1) + 1 + extra[i]);
  const same = mode === "SAME_UPPER" || mode === "SAME_LOWER";
  const asked = output_shape as readonly number[] | undefined;
  const target = asked ?? (same ? strides.map((stride, i) => x.dims[i + 2] * stride) : undefined);
  if (asked?.some((size, i) => size > full[i])) {
    throw new FoveaError(
      "shape-mismatch",
      `ConvTranspose: \`output_shape\` (=[${asked}]) is larger than the [${full}] that the strides and the kernel reach over; set \`output_padding\`.`,
    );
  }
  const total = target && full.map((reach, i) => Math.max(0, reach - target[i]));
  const begin =
    total?.map((n) => (mode === "SAME_UPPER" ? Math.floor(n / 2) : Math.ceil(n / 2))) ?? geometry.begin;
  const end = total?.map((n, i) => n - begin[i]) ?? geometry.end;
  const size = full.map((reach, i) => reach - begin[i] - end[i]);
  const none = size.findIndex((length) => length < 1);
  if (none >= 0) {
    throw new FoveaError(
      "shape-mismatch",
      `ConvTranspose: padding ${begin[none]}+${end[none]} leaves nothing of the ${full[none]} elements along dimension ${none + 2}; pad less.`,
    );
  }
  return { ...geometry, begin, end, size };
}

/** Positions of the filter along each dimension; throws where there is none. */
export function convOutputSize(x: Value, geometry: ConvGeometry): number[] {
  return geometry.kernel.map((kernel, i) => {
    const extent = geometry.dilations[i] * (kernel - 1) + 1;
    const padded = x.dims[i + 2] + geometry.begin[i] + geometry.end[i];
    if (padded < extent) {
      throw new FoveaError(
        "shape-mismatch",
        `Conv: the kernel reaches over ${extent} elements, but dimension ${i + 2} of x has ${padded} with padding.`,
      );
    }
    return Math.floor((padded - extent) / geometry.strides[i]) + 1;
  });
}

/** ONNX's attributes for a call's options. */
export function convAttributes(w: Value, options: ConvOptions): Attributes {
  const kernel = w.dims.slice(2);
  const spread = (value: number | readonly number[] | undefined, fallback: number) =>
    typeof value === "object" ? value : kernel.map(() => value ?? fallback);
  const begin = spread(options.padding, 0);
  const end = options.paddingEnd === undefined ? begin : spread(options.paddingEnd, 0);
  return {
    kernel_shape: kernel,
    strides: spread(options.stride, 1),
    dilations: spread(options.dilation, 1),
    pads: [...begin, ...end],
    group: options.groups ?? 1,
  };
}

/** ONNX's attributes for a geometry. */
export function geometryAttributes(geometry: ConvGeometry): Attributes {
  const { kernel, strides, dilations, begin, end, groups } = geometry;
  return { kernel_shape: kernel, strides, dilations, pads: [...begin, ...end], group: groups };
}

/**
 * The geometry of the convolution, with turned filters, that is another's gradient by its input; undefined where that
 * has strides, or more padding than its kernel reaches.
 */
export function turnedGeometry(geometry: ConvGeometry): ConvGeometry | undefined {
  const { kernel, strides, dilations, begin, end, groups } = geometry;
  const reach = kernel.map((size, i) => dilations[i] * (size - 1));
  const before = reach.map((n, i) => n - begin[i]);
  const after = reach.map((n, i) => n - end[i]);
  if (strides.some((stride) => stride !== 1) || [...before, ...after].some((n) => n < 0)) return undefined;
  return { kernel, strides, dilations, begin: before, end: after, groups };
}
