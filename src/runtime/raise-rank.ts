import type { ConvGeometry } from "../graph/index.ts";

/** `[N, C, …]` with so many spatial dimensions: those that are missing come first, of size 1. */
export function raiseShape(shape: readonly number[], dimensions: number): number[] {
  return [...shape.slice(0, 2), ...raise(shape.slice(2), dimensions, 1)];
}

/** The same convolution in so many spatial dimensions: a sequence as a picture of one row, a picture as a volume of one plane. */
export function raiseGeometry(geometry: ConvGeometry, dimensions: number): ConvGeometry {
  const { kernel, strides, dilations, begin, end, groups } = geometry;
  return {
    kernel: raise(kernel, dimensions, 1),
    strides: raise(strides, dimensions, 1),
    dilations: raise(dilations, dimensions, 1),
    begin: raise(begin, dimensions, 0),
    end: raise(end, dimensions, 0),
    groups,
  };
}

function raise(list: readonly number[], length: number, filler: number): number[] {
  return [...Array.from({ length: length - list.length }, () => filler), ...list];
}
