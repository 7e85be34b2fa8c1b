import { type ConvGeometry, concat, pad, reshape, slice, transpose, type Value } from "../graph/index.ts";
import { backwards, moveRows } from "./move-rows.ts";

/** The geometry that is left when the first spatial dimension is folded away. */
export function geometryInPlane(geometry: ConvGeometry): ConvGeometry {
  const { kernel, strides, dilations, begin, end, groups } = geometry;
  const rest = (list: readonly number[]) => list.slice(1);
  return {
    kernel: rest(kernel),
    strides: rest(strides),
    dilations: rest(dilations),
    begin: rest(begin),
    end: rest(end),
    groups,
  };
}

/**
 * Volumes `[N, C, D, …]` as planes: each output depth becomes a picture `[N·Dₒ, kd·C, …]` that holds, as channels,
 * the planes which the kernel sees from there. A convolution in the plane then does what the one in the volume did.
 */
export function foldDepth(
  x: Value,
  depth: number,
  { kernel, strides, dilations, begin }: ConvGeometry,
): Value {
  const [batch, channels, planes, ...size] = x.dims;
  const inner = size.map((_, i) => i + 3);
  const lead = transpose(x, [0, 2, 1, ...inner]); // [N, D, C, …]
  const reach = (depth - 1) * strides[0] + 1;
  const missing = Math.max(0, (kernel[0] - 1) * dilations[0] + reach - planes - begin[0]);
  const zeros = lead.dims.map(() => 0);
  const padded = pad(lead, zeros.with(1, begin[0]), zeros.with(1, missing));
  const seen = Array.from({ length: kernel[0] }, (_, tap) => {
    const start = tap * dilations[0];
    return slice(padded, 1, start, start + reach, strides[0]);
  });
  return reshape(concat(seen, 2), [batch * depth, kernel[0] * channels, ...size]);
}

/** Filters `[M, C, kd, …]` as `[M, kd·C, …]`. */
export function foldFilterDepth(w: Value): Value {
  const [outChannels, inChannels, depth, ...kernel] = w.dims;
  const moved = moveRows(w, { dims: [outChannels, inChannels, depth], order: [0, 2, 1] });
  return reshape(moved, [outChannels, depth * inChannels, ...kernel]);
}

/** Filters `[M, C, kd, …]` as `[kd·M, C, …]`, the depth backwards: what leads back, for each plane of each channel. */
export function foldTurnedDepth(w: Value): Value {
  const [outChannels, inChannels, depth, ...kernel] = w.dims;
  const picked = { axis: 2, indices: backwards(depth) };
  const moved = moveRows(w, { dims: [outChannels, inChannels, depth], order: [2, 0, 1], picked });
  return reshape(moved, [depth * outChannels, inChannels, ...kernel]);
}
