export * from "./activation.ts";
export * from "./arithmetic.ts";
export * from "./comparison.ts";
export * from "./conv.ts";
export {
  type ConvGeometry,
  convGeometry,
  resolvePads,
  type TransposedGeometry,
  transposedGeometry,
  turnedGeometry,
} from "./conv-geometry.ts";
export { type ConvShapes, convolveByMatrix, hasFewPositions } from "./conv-matrix.ts";
export * from "./depth.ts";
export * from "./elements.ts";
export * from "./extremum.ts";
export * from "./gather.ts";
export * from "./global-pool.ts";
export * from "./instance-norm.ts";
export { type AxisResize, resizeMatrix } from "./interpolation.ts";
export { knownTensor } from "./known-numbers.ts";
export * from "./layer-norm.ts";
export type { Matrix } from "./linear-map.ts";
export * from "./local-response.ts";
export * from "./matmul.ts";
export * from "./max-roi-pool.ts";
export * from "./mean.ts";
export * from "./norm-reduction.ts";
export * from "./normalization.ts";
export * from "./padding.ts";
export * from "./pool.ts";
export * from "./rectifier.ts";
export * from "./reduction.ts";
export * from "./reshape.ts";
export * from "./resize.ts";
export * from "./roi-align.ts";
export * from "./selection.ts";
export * from "./shape-arithmetic.ts";
export * from "./slicing.ts";
export * from "./smooth-activation.ts";
export * from "./tile.ts";
export * from "./trigonometry.ts";
export * from "./unary.ts";
