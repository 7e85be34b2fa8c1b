import { add, clip, globalAveragePool, mul, relu, type Value } from "../../graph/index.ts";
import { convolution, type Scope } from "../../nn/index.ts";
import { samePads } from "../same-padding.ts";

/** One block of a mobile trunk. */
export interface MobileBlock {
  /** Side of the depthwise filters. */
  kernel: number;
  /** Channels between its two pointwise convolutions. */
  expanded: number;
  channels: number;
  /** 2 halves the map. */
  stride: 1 | 2;
  /** Channels of the gate that weighs the expanded ones; none by default. */
  gate?: number;
  /** x · relu6(x + 3) / 6 instead of max(x, 0). */
  hardSwish?: boolean;
}

/** Widths of a mobile trunk. */
export interface MobileTrunk {
  family: "mobile";
  /** Channels after the first convolution. */
  stem: number;
  blocks: readonly MobileBlock[];
}

/**
 * Feature maps at strides 2, 4, 8, 16 and 32 of pictures `[N, 3, H, W]` in 0…1, as MobileNetV3 makes them (Howard et al.
 * 2019): depthwise convolutions between pointwise ones, channels weighed by a gate. Norms are folded into biases, so it
 * is for learning on, not for learning from nothing.
 */
export function mobileTrunk(scope: Scope, x: Value, { stem, blocks }: MobileTrunk): Value[] {
  const first = biased(scope.at("stem"), mul(x, 255), { outChannels: stem, kernel: 3, stride: 2 });
  let y = hardSwish(first);
  const maps: Value[] = [];
  for (const [i, shape] of blocks.entries()) {
    if (shape.stride === 2) maps.push(y);
    y = block(scope.at("block").at(i), y, shape);
  }
  return [...maps, y];
}

interface BiasedOptions {
  outChannels: number;
  kernel?: number;
  stride?: number;
  groups?: number;
}

/** A convolution with bias, padded as TensorFlow does. */
function biased(
  scope: Scope,
  x: Value,
  { outChannels, kernel = 1, stride = 1, groups = 1 }: BiasedOptions,
): Value {
  const [top, left, bottom, right] = samePads(x.dims.slice(2), [kernel, kernel], [stride, stride]);
  return convolution(scope, x, {
    outChannels,
    kernelSize: kernel,
    stride,
    groups,
    padding: [top, left],
    paddingEnd: [bottom, right],
    bias: true,
  });
}

function block(scope: Scope, x: Value, shape: MobileBlock): Value {
  const { kernel, expanded, channels, stride, gate } = shape;
  const activate = shape.hardSwish ? hardSwish : relu;
  const isExpanded = expanded !== x.dims[1];
  let y = isExpanded ? activate(biased(scope.at("expand"), x, { outChannels: expanded })) : x;
  y = activate(biased(scope.at("depthwise"), y, { outChannels: expanded, kernel, stride, groups: expanded }));
  if (gate) y = mul(y, gated(scope.at("gate"), y, gate));
  y = biased(scope.at("project"), y, { outChannels: channels });
  return stride === 1 && x.dims[1] === channels ? add(x, y) : y;
}

/** A weight in 0…1 for each channel, from the means of all (Hu et al. 2018). */
function gated(scope: Scope, x: Value, width: number): Value {
  const means = globalAveragePool(x);
  const inner = relu(biased(scope.at("reduce"), means, { outChannels: width }));
  return hardGate(biased(scope.at("expand"), inner, { outChannels: x.dims[1] }));
}

/** relu6(x + 3) / 6. */
function hardGate(x: Value): Value {
  return mul(clip(add(x, 3), 0, 6), 1 / 6);
}

function hardSwish(x: Value): Value {
  return mul(x, hardGate(x));
}
