import {
  add,
  cast,
  concat,
  mul,
  relu,
  reshape,
  roiAlign,
  slice,
  transpose,
  upsampleNearest,
  type Value,
} from "../../graph/index.ts";
import { trunkMaps, unit } from "../../models/index.ts";
import { constant, convolution, dense, heNormal, type Scope } from "../../nn/index.ts";
import type { FasterRcnnConfig, RegionNetConfig } from "./config.ts";

/** Where the trunk stands among the net's parameters. */
export const TRUNK_PATH = "trunk";

/** Samples along each side of a bin. */
const SAMPLING_RATIO = 2;

/**
 * The map that regions are proposed and pooled on, `[N, neck, H / stride, W / stride]`, of uint8 pictures
 * `[N, 3, H, W]`: the trunk's maps summed top-down (Lin et al. 2017).
 */
export function rcnnFeatures(
  scope: Scope,
  pictures: Value,
  { size, stride: finest }: RegionNetConfig,
  trunkRate = 1,
): Value {
  const x = mul(cast(pictures, "float32"), 1 / 255);
  const maps = trunkMaps(scope.at(TRUNK_PATH).withRate(trunkRate), x, size.trunk);
  let above: Value | undefined;
  for (const { stride, value } of maps.filter(({ stride }) => stride >= finest).reverse()) {
    const place = scope.at("neck").at(stride);
    const lateral = convolution(place, value, { outChannels: size.neck, kernelSize: 1, bias: true });
    above = above ? add(lateral, upsampleNearest(above, 2)) : lateral;
  }
  return unit(scope.at("neck").at("out"), relu(above!), { outChannels: size.neck, kernelSize: 3 });
}

/** What the region proposal net says of each anchor, in the order of `anchorsOf`. */
export interface RpnOutput {
  /** Logits `[N, B]`. */
  objectness: Value;
  /** Box codes `[N, B, 4]`. */
  codes: Value;
}

/** The region proposal net (Ren et al. 2015, §3.1). */
export function rpnHead(
  scope: Scope,
  features: Value,
  { grids: [{ anchors }], size }: FasterRcnnConfig,
): RpnOutput {
  const a = anchors.length;
  const y = unit(scope.at("a"), features, { outChannels: size.neck, kernelSize: 3 });
  const answer = (name: string, outChannels: number, bias: number) =>
    convolution(scope.at(name), y, {
      outChannels,
      kernelSize: 1,
      bias: true,
      initialize: heNormal(0.1),
      initializeBias: constant(bias),
    });
  const [n, , rows, columns] = y.dims;
  const logits = answer("objectness", a, Math.log(0.01 / 0.99)); // at first: nothing here
  const codes = reshape(answer("boxes", 4 * a, 0), [n, a, 4, rows, columns]);
  return {
    objectness: reshape(transpose(logits, [0, 2, 3, 1]), [n, rows * columns * a]),
    codes: reshape(transpose(codes, [0, 3, 4, 1, 2]), [n, rows * columns * a, 4]),
  };
}

/** What the heads say of each region. */
export interface HeadOutput {
  /** `[R, 1 + classes]`, background first. */
  logits: Value;
  /** Box codes for each class `[R, (1 + classes) × 4]`. */
  codes: Value;
}

/**
 * The heads (Girshick 2015, §2): regions of each picture are pooled from its features and pass two hidden layers.
 *
 * @param regions corners in input pixels, `[R, 4]` for each picture of the batch
 */
export function roiHeads(
  scope: Scope,
  features: Value,
  regions: readonly Value[],
  config: RegionNetConfig,
): HeadOutput {
  const { stride, size } = config;
  const bins = config.heads.pooled;
  const pooled = regions.map((own, n) => {
    const picture = slice(features, 0, n, n + 1);
    const places = features.graph.integers(Array.from({ length: own.dims[0] }, () => 0));
    return roiAlign(picture, own, places, {
      outputHeight: bins,
      outputWidth: bins,
      samplingRatio: SAMPLING_RATIO,
      spatialScale: 1 / stride,
    });
  });
  const flat = reshape(concat(pooled, 0), [-1, size.neck * bins ** 2]);
  return headsOn(scope, flat, config);
}

/** Two hidden layers on what is known of each region `[R, features]`, and the answers. */
export function headsOn(scope: Scope, x: Value, { heads, classes }: RegionNetConfig): HeadOutput {
  const hidden = (name: string, x: Value) => relu(dense(scope.at(name), x, { outFeatures: heads.hidden }));
  const y = hidden("b", hidden("a", x));
  const answer = (name: string, outFeatures: number) =>
    dense(scope.at(name), y, { outFeatures, initialize: heNormal(0.1) });
  return { logits: answer("classes", 1 + classes.length), codes: answer("boxes", 4 * (1 + classes.length)) };
}
