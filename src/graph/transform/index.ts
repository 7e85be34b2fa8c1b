export { collapseReshapes } from "./collapse-reshapes.ts";
export { applyAgain, type CopyOptions, copyGraph, type GraphCopy } from "./copy.ts";
export { compose, cut } from "./cut.ts";
export { decompose } from "./decompose.ts";
export { denseToConvolution } from "./dense-to-conv.ts";
export { fromFloat16, toFloat16 } from "./float16.ts";
export { foldBatchNorm } from "./fold-batch-norm.ts";
export { mergeEqual } from "./merge-equal.ts";
export { freeze, storeAsFloat16, thaw } from "./parameters.ts";
