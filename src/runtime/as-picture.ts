import type { ConvGeometry } from "../graph/index.ts";

/** The geometry of a convolution over a sequence, for the sequence as a picture of one row. */
export function asPicture(geometry: ConvGeometry): ConvGeometry {
  const { kernel, strides, dilations, begin, end, groups } = geometry;
  return {
    kernel: [1, ...kernel],
    strides: [1, ...strides],
    dilations: [1, ...dilations],
    begin: [0, ...begin],
    end: [0, ...end],
    groups,
  };
}
