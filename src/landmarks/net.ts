import { tensor } from "../core/index.ts";
import {
  add,
  cast,
  concat,
  globalAveragePool,
  mul,
  relu,
  reshape,
  slice,
  type Value,
} from "../graph/index.ts";
import { backboneTrunks, type FeatureMap, fuseMaps, trunkMaps, unit } from "../models/index.ts";
import { convolution, dense, heNormal, type Scope } from "../nn/index.ts";
import { softArgmax } from "./heat-map.ts";
import type { Recipe } from "./recipe.ts";

/** Where the trunk stands among the net's parameters. */
export const TRUNK_PATH = "trunk";

/** Names that `model` may have. */
export const modelNames: readonly string[] = Object.keys(backboneTrunks);

/** Names that `head` may have. */
export const headNames: readonly HeadKind[] = ["heatmap", "regression"];

/**
 * How points are answered: `heatmap`, by a map of where each is, whose mean place is taken; `regression`, by numbers from the
 * trunk's last map.
 */
export type HeadKind = "heatmap" | "regression";

/** Stride of the heat maps. */
const HEAT_STRIDE = 4;

/** Channels of what stands on the trunk. */
const NECK_CHANNELS = 48;

/** Channels that the regression keeps at each place of the trunk's last map, and features that it makes of them. */
const [KEPT_CHANNELS, FEATURES] = [48, 192];

/** An answer of the regression of 1 is so far from a point's usual place, in parts of the input. */
const REACH = 0.25;

/** A net's answer for N pictures with K points. */
export interface LandmarkAnswer {
  /** x, y in parts of the input, `[N, K, 2]`. */
  points: Value;
  /** Logit of the thing being there, `[N, 1]`. */
  present: Value;
  /** Logits of each point being there, given the thing, `[N, K]`. */
  seen: Value;
  /** Logits of where each point is, `[N, K, rows, columns]`, of the heat-map head. */
  heat?: Value;
}

/** The answer for pictures `[N, 3, side, side]`, 0…255. */
export function landmarkNet(
  scope: Scope,
  pictures: Value,
  recipe: Pick<Recipe, "model" | "points" | "head" | "usualPoints" | "backbone">,
): LandmarkAnswer {
  const { model, points, head, usualPoints, backbone } = recipe;
  const floats = pictures.dtype === "float32" ? pictures : cast(pictures, "float32");
  const trunk = scope.at(TRUNK_PATH).withRate(backbone?.rate ?? 1);
  const maps = trunkMaps(trunk, mul(floats, 1 / 255), backboneTrunks[model]);
  const { value: last } = maps.at(-1)!;
  const means = reshape(globalAveragePool(last), [-1, last.dims[1]]);
  const presence = dense(scope.at("presence"), means, { outFeatures: 1 + points, initialize: heNormal(0.1) });
  const known = { present: slice(presence, 1, 0, 1), seen: slice(presence, 1, 1, 1 + points) };
  if (head === "regression") return { ...known, points: regress(scope.at("head"), last, usualPoints) };
  const heat = heatMaps(scope, maps, points);
  return { ...known, heat, points: softArgmax(heat) };
}

/** Points `[N, K, 2]` of the last map, as distances from where they usually are. */
function regress(scope: Scope, last: Value, usualPoints: readonly (readonly [number, number])[]): Value {
  const count = usualPoints.length;
  const kept = unit(scope.at("reduce"), last, { outChannels: KEPT_CHANNELS, kernelSize: 1 });
  const flat = reshape(kept, [-1, kept.dims.slice(1).reduce((a, b) => a * b, 1)]);
  const features = relu(dense(scope.at("features"), flat, { outFeatures: FEATURES }));
  const raw = dense(scope.at("points"), features, { outFeatures: 2 * count, initialize: heNormal(0.1) });
  const usual = raw.graph.constant(tensor(usualPoints.flat(), [1, count, 2]));
  return add(usual, mul(reshape(raw, [-1, count, 2]), REACH));
}

/** Logits `[N, K, rows, columns]` of where each point is, from the trunk's maps. */
function heatMaps(scope: Scope, maps: readonly FeatureMap[], points: number): Value {
  const fused = fuseMaps(scope.at("neck"), maps, { finestStride: HEAT_STRIDE, channels: NECK_CHANNELS });
  const head = scope.at("head");
  const a = unit(head.at("a"), relu(fused), { outChannels: NECK_CHANNELS, kernelSize: 3 });
  const b = unit(head.at("b"), a, { outChannels: NECK_CHANNELS, kernelSize: 3 });
  return convolution(head.at("heat"), concat([b, relu(fused)], 1), {
    outChannels: points,
    kernelSize: 1,
    bias: true,
    initialize: heNormal(0.3),
  });
}
