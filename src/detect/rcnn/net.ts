import {
  add,
  cast,
  concat,
  mul,
  relu,
  reshape,
  transpose,
  upsampleNearest,
  type Value,
} from "../../graph/index.ts";
import { trunkMaps, unit } from "../../models/index.ts";
import { constant, convolution, dense, heNormal, type Scope } from "../../nn/index.ts";
import type { FasterRcnnConfig, RegionNetConfig } from "./config.ts";
import { type FeatureLevel, poolRegions } from "./pool-regions.ts";

/** Where the trunk stands among the net's parameters. */
export const TRUNK_PATH = "trunk";

/**
 * The maps that regions are proposed on and pooled from, finest first, of uint8 pictures `[N, 3, H, W]`: the trunk's maps
 * summed top-down (Lin et al. 2017). With one stride only the finest sum answers.
 */
export function rcnnFeatures(
  scope: Scope,
  pictures: Value,
  { size, strides }: RegionNetConfig,
  trunkRate = 1,
): FeatureLevel[] {
  const x = mul(cast(pictures, "float32"), 1 / 255);
  const maps = trunkMaps(scope.at(TRUNK_PATH).withRate(trunkRate), x, size.trunk);
  const neck = scope.at("neck");
  const levels: FeatureLevel[] = [];
  let above: Value | undefined;
  for (const { stride, value } of maps.filter(({ stride }) => stride >= strides[0]).reverse()) {
    const lateral = convolution(neck.at(stride), value, {
      outChannels: size.neck,
      kernelSize: 1,
      bias: true,
    });
    above = above ? add(lateral, upsampleNearest(above, 2)) : lateral;
    if (!strides.includes(stride)) continue;
    const place = strides.length === 1 ? neck.at("out") : neck.at("out").at(stride);
    levels.unshift({ stride, value: unit(place, relu(above), { outChannels: size.neck, kernelSize: 3 }) });
  }
  return levels;
}

/** What the region proposal net says of each anchor, in the order of `anchorsOf`. */
export interface RpnOutput {
  /** Logits `[N, B]`. */
  objectness: Value;
  /** Box codes `[N, B, 4]`. */
  codes: Value;
}

/**
 * The region proposal net (Ren et al. 2015, §3.1), on each level one of its own: sharing it is as good (Lin et al. 2017,
 * §4.1).
 */
export function rpnHead(
  scope: Scope,
  levels: readonly FeatureLevel[],
  { grids, size }: FasterRcnnConfig,
): RpnOutput {
  const answers = grids.map(({ stride, anchors }) => {
    const { value } = levels.find((level) => level.stride === stride)!;
    const place = grids.length === 1 ? scope : scope.at(stride);
    return rpnOnLevel(place, value, anchors.length, size.neck);
  });
  const all = (name: keyof RpnOutput) =>
    concat(
      answers.map((answer) => answer[name]),
      1,
    );
  return { objectness: all("objectness"), codes: all("codes") };
}

function rpnOnLevel(scope: Scope, features: Value, a: number, neck: number): RpnOutput {
  const y = unit(scope.at("a"), features, { outChannels: neck, kernelSize: 3 });
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
  levels: readonly FeatureLevel[],
  regions: readonly Value[],
  config: RegionNetConfig,
): HeadOutput {
  const bins = config.heads.pooled;
  const pooled = poolRegions(levels, regions, bins);
  return headsOn(scope, reshape(pooled, [-1, config.size.neck * bins ** 2]), config);
}

/** Two hidden layers on what is known of each region `[R, features]`, and the answers. */
export function headsOn(scope: Scope, x: Value, { heads, classes }: RegionNetConfig): HeadOutput {
  const hidden = (name: string, x: Value) => relu(dense(scope.at(name), x, { outFeatures: heads.hidden }));
  const y = hidden("b", hidden("a", x));
  const answer = (name: string, outFeatures: number) =>
    dense(scope.at(name), y, { outFeatures, initialize: heNormal(0.1) });
  return { logits: answer("classes", 1 + classes.length), codes: answer("boxes", 4 * (1 + classes.length)) };
}
