import { FoveaError } from "../../core/index.ts";
import { conv, type Value } from "../../graph/index.ts";
import { constant, heNormal, type Initializer } from "../initializers.ts";
import type { Scope } from "../scope.ts";

/** Options of {@link convolution}. */
export interface ConvolutionOptions {
  /** Channels of the result, a multiple of `groups`. */
  outChannels: number;
  /** Elements along each spatial dimension. */
  kernelSize: number | readonly number[];
  /** Elements from one window to the next; default 1. */
  stride?: number | readonly number[];
  /**
   * Zeros at both ends; default: half the kernel's reach, which keeps the size at stride 1 (of an even kernel one more at
   * the far end).
   */
  padding?: number | readonly number[];
  /** Zeros at the far ends, where they differ from `padding`. */
  paddingEnd?: number | readonly number[];
  /** Elements from one of a window's to the next; default 1. */
  dilation?: number;
  /** Parts of the channels that do not see each other; default 1. */
  groups?: number;
  /** Adds a learned number per channel; leave it out before a normalisation. */
  bias?: boolean;
  initialize?: Initializer;
  /** First value of the biases. */
  initializeBias?: Initializer;
}

/** Convolution of `[N, C, …]` in as many dimensions as x has beyond two. */
export function convolution(scope: Scope, x: Value, options: ConvolutionOptions): Value {
  const { outChannels, kernelSize, stride = 1, dilation = 1, groups = 1, bias = false } = options;
  const inChannels = x.dims[1];
  if (inChannels % groups !== 0) {
    throw new FoveaError(
      "argument-range",
      `Conv: \`inChannels\` (=${inChannels}) must be divisible by \`groups\` (=${groups}).`,
    );
  }
  const kernel = typeof kernelSize === "object" ? kernelSize : x.shape.slice(2).map(() => kernelSize);
  const reach = kernel.map((size) => dilation * (size - 1));
  const padding = options.padding ?? reach.map((zeros) => Math.floor(zeros / 2));
  const paddingEnd = options.paddingEnd ?? options.padding ?? reach.map((zeros) => Math.ceil(zeros / 2));
  const shape = [outChannels, inChannels / groups, ...kernel];
  const weight = scope.parameter("weight", shape, options.initialize ?? heNormal());
  const offset = bias
    ? scope.parameter("bias", [outChannels], options.initializeBias ?? constant(0), "gain")
    : undefined;
  return conv(x, weight, offset, { stride, padding, paddingEnd, dilation, groups });
}
