import {
  add,
  cast,
  concat,
  maxPool,
  mul,
  relu,
  reshape,
  upsampleNearest,
  type Value,
} from "../../graph/index.ts";
import { batchNorm, convolution, heNormal, type Initializer, type Scope } from "../../nn/index.ts";
import { answersPerAnchor, type HeadStyle, type NetSize, type YoloConfig } from "./config.ts";

/** Convolution, batch norm, ReLU. */
function unit(scope: Scope, x: Value, outChannels: number, kernelSize: number, stride = 1): Value {
  const y = convolution(scope.at("conv"), x, { outChannels, kernelSize, stride });
  return relu(batchNorm(scope.at("norm"), y));
}

/** x plus a bottleneck of it: 1×1 to half the channels, 3×3 back. */
function residual(scope: Scope, x: Value): Value {
  const channels = x.dims[1];
  const inner = unit(scope.at("reduce"), x, channels / 2, 1);
  return add(x, unit(scope.at("expand"), inner, channels, 3));
}

/** Sees the map at three reaches by max-pooling in a row (SPP, He et al. 2015, in YOLOv5's fast form). */
function pyramidPooling(scope: Scope, x: Value): Value {
  const channels = x.dims[1];
  const a = unit(scope.at("reduce"), x, channels / 2, 1);
  const pool = (y: Value) => maxPool(y, { kernelSize: 5, stride: 1, padding: 2 });
  const b = pool(a);
  const c = pool(b);
  return unit(scope.at("expand"), concat([a, b, c, pool(c)], 1), channels, 1);
}

/** Feature maps at strides 8, 16 and 32 of pictures `[N, 3, H, W]` in 0…1. */
function trunk(scope: Scope, x: Value, { channels, depths }: NetSize): Value[] {
  let y = unit(scope.at("stem"), x, channels[0], 3, 2);
  const maps = depths.map((depth, stage) => {
    const part = scope.at(`stage${stage + 1}`);
    y = unit(part.at("down"), y, channels[stage + 1], 3, 2);
    for (let i = 0; i < depth; i++) y = residual(part.at(i), y);
    if (stage === depths.length - 1) y = pyramidPooling(part.at("pool"), y);
    return y;
  });
  return maps.slice(1); // strides 8, 16, 32
}

/**
 * The net's raw answers for uint8 pictures `[N, 3, H, W]`: per grid `[N, anchors,
 * answersPerAnchor, rows, columns]`. The trunk's maps are summed top-down to the finest grid that is asked for (Lin et al. 2017).
 */
export function yoloNet(scope: Scope, pictures: Value, config: YoloConfig): Value[] {
  const { size, grids, head } = config;
  const x = mul(cast(pictures, "float32"), 1 / 255);
  const maps = trunk(scope.at("trunk"), x, size); // strides 8, 16, 32
  const pyramid = new Map<number, Value>();
  let above: Value | undefined;
  for (const [level, map] of [...maps.entries()].reverse()) {
    const lateral = convolution(scope.at("neck").at(level), map, {
      outChannels: size.neck,
      kernelSize: 1,
      bias: true,
    });
    above = above ? add(lateral, upsampleNearest(above, 2)) : lateral;
    pyramid.set(8 << level, above);
  }
  return grids.map(({ stride, anchors }) => {
    const part = scope.at("head").at(stride);
    let y = unit(part.at("a"), relu(pyramid.get(stride)!), size.neck, 3);
    y = unit(part.at("b"), y, size.neck, 3);
    const [n, , rows, columns] = y.dims;
    const perAnchor = answersPerAnchor(config);
    const raw = convolution(part.at("answer"), y, {
      outChannels: anchors.length * perAnchor,
      kernelSize: 1,
      bias: true,
      initialize: heNormal(0.1),
      initializeBias: rareObjects(perAnchor, head),
    });
    return reshape(raw, [n, anchors.length, perAnchor, rows, columns]);
  });
}

/** Biases by which every cell first says "nothing here" (probability 0.01, Lin et al. 2017). */
function rareObjects(perAnchor: number, { score }: HeadStyle): Initializer {
  const decides = (answer: number) => (score === "confidence" ? answer === 0 : answer >= 4);
  return ([count]) =>
    Float32Array.from({ length: count }, (_, i) => (decides(i % perAnchor) ? Math.log(0.01 / 0.99) : 0));
}
