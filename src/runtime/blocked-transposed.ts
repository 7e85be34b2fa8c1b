import { concat, cropTo, pad, reshape, type Value } from "../graph/index.ts";
import { type Convolution, isNarrow } from "./blocked-convolutions.ts";
import { blockBackwardTaps, blockTurnedDepthwise } from "./blocked-filters.ts";
import { blockedConv, blockMap, plainMap } from "./blocked-operators.ts";
import { moveRows } from "./move-rows.ts";
import { raiseGeometry, raiseShape } from "./raise-rank.ts";

/**
 * A transposed convolution with strides, which is a convolution's gradient by its input, by ONNX Runtime's kernels for
 * channels in blocks. `geometry` is that convolution's, x its output's cotangent, `outputShape` its input's shape.
 *
 * @param block Channels of a block, 8 or 16.
 * @returns undefined where the kernels do not apply
 */
export function convolveTransposedBlocked(convolution: Convolution, block: number): Value | undefined {
  const { x, w, geometry, outputShape } = convolution;
  if (x.dtype !== "float32" || geometry.strides.every((stride) => stride === 1)) return undefined;
  if (geometry.groups > 1) return depthwiseTransposed(convolution, block);
  if (x.rank === 4) return byPhases(convolution, block);
  if (x.rank !== 3) return undefined;
  const y = byPhases(
    {
      ...convolution,
      x: reshape(x, raiseShape(x.dims, 2)),
      w: reshape(w, raiseShape(w.dims, 2)),
      geometry: raiseGeometry(geometry, 2),
      outputShape: raiseShape(outputShape, 2),
    },
    block,
  );
  return y && reshape(y, outputShape);
}

/** What makes the outputs at every stride-th place along one dimension. */
interface Phase {
  /** The filter's taps that reach them, in the order of the inputs that they see. */
  taps: number[];
  /** Zeros before and after the inputs. */
  before: number;
  after: number;
}

/**
 * Outputs whose places leave the same remainder see the same taps: each of these phases is a plain convolution, and
 * their results are put between each other, in blocks by whole rows.
 */
function byPhases({ x, w, bias, geometry, outputShape }: Convolution, block: number): Value | undefined {
  const { kernel, strides, dilations, begin } = geometry;
  const [outChannels, inChannels] = w.dims;
  if (outChannels % block !== 0 || inChannels % block !== 0) return undefined;
  if (dilations.some((dilation) => dilation !== 1)) return undefined;
  const counts = strides.map((stride, i) => Math.ceil(outputShape[i + 2] / stride));
  if (isNarrow(counts[1])) return undefined;
  const phases = strides.map((stride, i) =>
    Array.from({ length: stride }, (_, phase) =>
      phaseOf(phase, kernel[i], stride, begin[i], counts[i], x.dims[i + 2]),
    ),
  );
  if (phases.flat().some(({ taps, before, after }) => taps.length === 0 || before < 0 || after < 0)) {
    return undefined;
  }
  const map = blockMap(x);
  const batch = x.dims[0];
  const parts = phases[0].flatMap((vertical) =>
    phases[1].map((horizontal) => {
      const taps = vertical.taps.flatMap((row) => horizontal.taps.map((column) => row * kernel[1] + column));
      const size = [vertical.taps.length, horizontal.taps.length];
      const filters = reshape(blockBackwardTaps(w, taps, block), [inChannels, outChannels, ...size]);
      const pads = [vertical.before, horizontal.before, vertical.after, horizontal.after];
      return blockedConv(map, filters, [batch, inChannels, ...counts], { bias, pads });
    }),
  );
  const together = moveRows(concat(parts, 0), {
    dims: [...strides, (batch * inChannels) / block, ...counts],
    order: [2, 3, 0, 4, 1],
  });
  const whole = [batch, inChannels, ...counts.map((count, i) => count * strides[i])];
  return cropTo(plainMap(reshape(together, whole)), outputShape);
}

/** An output at place stride·a + phase sees input a + shift − t through tap first + stride·t. */
function phaseOf(
  phase: number,
  kernel: number,
  stride: number,
  begin: number,
  count: number,
  inputs: number,
): Phase {
  const first = (phase + begin) % stride;
  const shift = Math.floor((phase + begin) / stride);
  const reach = Math.ceil((kernel - first) / stride);
  const taps = Array.from({ length: Math.max(0, reach) }, (_, j) => first + stride * (reach - 1 - j));
  return { taps, before: reach - 1 - shift, after: count + shift - inputs };
}

/**
 * A depthwise ConvTranspose with a stride, the gradient of a depthwise convolution by its input: zeros between the
 * elements (in blocks these are whole rows), then a convolution with turned filters. ONNX Runtime's own goes channel by
 * channel.
 *
 * @returns undefined where it does not apply
 */
function depthwiseTransposed(convolution: Convolution, block: number): Value | undefined {
  const { x, w, bias, geometry, outputShape } = convolution;
  const { kernel, strides, dilations, begin, groups } = geometry;
  const [channels, perGroup] = w.dims;
  if (x.dtype !== "float32" || x.rank !== 4 || bias || perGroup !== 1) return undefined;
  if (groups !== channels || channels % block !== 0) return undefined;
  const reach = kernel.map((size, i) => dilations[i] * (size - 1));
  const before = reach.map((n, i) => n - begin[i]);
  const [batch, , height, width] = x.dims;
  const spread = [height * strides[0], width * strides[1]];
  const after = outputShape.slice(2).map((size, i) => size - spread[i] - before[i] + reach[i]);
  if ([...before, ...after].some((n) => n < 0)) return undefined;

  const rows = reshape(blockMap(x), [(batch * channels * height) / block, 1, width, block]);
  const stuffed = pad(rows, [0, 0, 0, 0], [0, strides[0] - 1, 0, (strides[1] - 1) * block]);
  const map = reshape(stuffed, [batch, channels, ...spread]);
  const filters = blockTurnedDepthwise(w);
  const pads = [...before, ...after];
  return plainMap(blockedConv(map, filters, outputShape, { dilations, pads, groups }));
}
