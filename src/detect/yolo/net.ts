import { add, cast, mul, relu, reshape, upsampleNearest, type Value } from "../../graph/index.ts";
import { trunkMaps, unit } from "../../models/index.ts";
import { convolution, heNormal, type Initializer, type Scope } from "../../nn/index.ts";
import { answersPerAnchor, type HeadStyle, type YoloConfig } from "./config.ts";

/** Where the trunk stands among the net's parameters. */
export const TRUNK_PATH = "trunk";

/** How the net is trained. */
export interface YoloNetOptions {
  /** Factor on the trunk's learning rate: a trained one needs less of it. */
  trunkRate?: number;
}

/**
 * The net's raw answers for uint8 pictures `[N, 3, H, W]`: per grid `[N, anchors,
 * answersPerAnchor, rows, columns]`. The trunk's maps are summed top-down to the finest grid that is asked for (Lin et al. 2017).
 */
export function yoloNet(
  scope: Scope,
  pictures: Value,
  config: YoloConfig,
  { trunkRate = 1 }: YoloNetOptions = {},
): Value[] {
  const { size, grids, head } = config;
  const x = mul(cast(pictures, "float32"), 1 / 255);
  const maps = trunkMaps(scope.at(TRUNK_PATH).withRate(trunkRate), x, size.trunk).filter(
    ({ stride }) => stride >= 8,
  );
  const pyramid = new Map<number, Value>();
  let above: Value | undefined;
  for (const [level, { stride, value: map }] of [...maps.entries()].reverse()) {
    const lateral = convolution(scope.at("neck").at(level), map, {
      outChannels: size.neck,
      kernelSize: 1,
      bias: true,
    });
    above = above ? add(lateral, upsampleNearest(above, 2)) : lateral;
    pyramid.set(stride, above);
  }
  return grids.map(({ stride, anchors }) => {
    const part = scope.at("head").at(stride);
    let y = unit(part.at("a"), relu(pyramid.get(stride)!), { outChannels: size.neck, kernelSize: 3 });
    y = unit(part.at("b"), y, { outChannels: size.neck, kernelSize: 3 });
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
