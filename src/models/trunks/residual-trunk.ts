import { add, concat, maxPool, type Value } from "../../graph/index.ts";
import type { Scope } from "../../nn/index.ts";
import { unit } from "../unit.ts";

/** Widths and depths of a residual trunk. */
export interface ResidualTrunk {
  family: "residual";
  /** Channels after the stem and at strides 4, 8, 16, 32. */
  channels: readonly [number, number, number, number, number];
  /** Residual blocks at strides 4, 8, 16, 32. */
  depths: readonly [number, number, number, number];
}

/** x plus a bottleneck of it: 1×1 to half the channels, 3×3 back. */
function residual(scope: Scope, x: Value): Value {
  const channels = x.dims[1];
  const inner = unit(scope.at("reduce"), x, { outChannels: channels / 2, kernelSize: 1 });
  return add(x, unit(scope.at("expand"), inner, { outChannels: channels, kernelSize: 3 }));
}

/** Sees the map at three reaches by max-pooling in a row (SPP, He et al. 2015, in YOLOv5's fast form). */
function pyramidPooling(scope: Scope, x: Value): Value {
  const channels = x.dims[1];
  const a = unit(scope.at("reduce"), x, { outChannels: channels / 2, kernelSize: 1 });
  const pool = (y: Value) => maxPool(y, { kernelSize: 5, stride: 1, padding: 2 });
  const b = pool(a);
  const c = pool(b);
  return unit(scope.at("expand"), concat([a, b, c, pool(c)], 1), { outChannels: channels, kernelSize: 1 });
}

/** Feature maps at strides 2, 4, 8, 16 and 32 of pictures `[N, 3, H, W]` in 0…1: few operations, made for detection. */
export function residualTrunk(scope: Scope, x: Value, { channels, depths }: ResidualTrunk): Value[] {
  let y = unit(scope.at("stem"), x, { outChannels: channels[0], kernelSize: 3, stride: 2 });
  const maps = [y];
  for (const [stage, depth] of depths.entries()) {
    const part = scope.at(`stage${stage + 1}`);
    y = unit(part.at("down"), y, { outChannels: channels[stage + 1], kernelSize: 3, stride: 2 });
    for (let i = 0; i < depth; i++) y = residual(part.at(i), y);
    if (stage === depths.length - 1) y = pyramidPooling(part.at("pool"), y);
    maps.push(y);
  }
  return maps;
}
