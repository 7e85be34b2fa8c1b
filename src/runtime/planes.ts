import { type ConvGeometry, reshape, type Value } from "../graph/index.ts";
import { blockMap, plainMap } from "./blocked-operators.ts";
import { foldDepth } from "./fold-depth.ts";
import { evenly, moveRows, pickRows } from "./move-rows.ts";
import { padBlocks } from "./pad-blocks.ts";

/**
 * Volumes `[N, C, D, H, W]` as planes in blocks, `[N·depth, kd·C, H, W]`: for each depth of the output a picture that
 * holds, as channels, the planes which the kernel sees from there. Where the channels fill no blocks, the planes are
 * plain.
 */
export function planesOf(x: Value, depth: number, geometry: ConvGeometry, block: number): Value {
  const { kernel, strides, dilations, begin } = geometry;
  const [batch, channels, given, height, width] = x.dims;
  if (channels % block !== 0) {
    const planes = foldDepth(x, depth, geometry);
    return (channels * kernel[0]) % block === 0 ? blockMap(planes) : planes;
  }
  const seen = (depth - 1) * strides[0] + (kernel[0] - 1) * dilations[0] + 1;
  const after = Math.max(0, seen - begin[0] - given);
  const maps = blockMap(reshape(x, [batch, channels, given * height, width]));
  const padded = padBlocks(maps, { top: begin[0] * height, bottom: after * height });
  const planes = begin[0] + given + after;
  const blocks = channels / block;
  const picked = pickRows(padded, batch * blocks * planes, [
    evenly(batch, blocks * planes),
    evenly(depth, strides[0]),
    evenly(kernel[0], dilations[0]),
    evenly(blocks, planes),
  ]);
  return reshape(picked, [batch * depth, kernel[0] * channels, height, width]);
}

/** Results in planes and blocks `[N·D, M, H, W]` as volumes `[N, M, D, H, W]`. */
export function volumesOf(y: Value, batch: number, block: number): Value {
  const [pictures, channels, height, width] = y.dims;
  const depth = pictures / batch;
  const moved = moveRows(y, { dims: [batch, depth, channels / block], order: [0, 2, 1] });
  const shape = [batch, channels, depth * height, width];
  return reshape(plainMap(reshape(moved, shape)), [batch, channels, depth, height, width]);
}
