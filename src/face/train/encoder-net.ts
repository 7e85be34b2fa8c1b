import {
  add,
  averagePool,
  div,
  mul,
  reduceMean,
  reduceSumSquare,
  relu,
  reshape,
  sqrt,
  sub,
  type Value,
} from "../../graph/index.ts";
import { backboneTrunks, classifierMap, resNet, trunkMaps } from "../../models/index.ts";
import { batchNorm, dense, dropout, heNormal, type Scope } from "../../nn/index.ts";
import type { FaceRecipe } from "./recipe.ts";

/** Where a trunk stands among the net's parameters, and what widens its last map. */
export const TRUNK_PATH = "trunk";
export const WIDENING_PATH = "widen";

/** Probability of a feature to be left out in training, before encodings are made of them. */
const DROPOUT = 0.2;

/** The part of a recipe that decides what the net is. */
export type EncoderShape = Pick<FaceRecipe, "start" | "size" | "normalized" | "loss" | "grey">;

/**
 * Encodings `[N, size]` of pictures `[N, 3, side, side]` in 0…255 by a small residual net (after He et al. 2016), or by a
 * trained trunk with a new head. The head sees every place of the last map by itself: faces lie where they lie, and
 * what is where is what tells them apart.
 */
export function encoderNet(scope: Scope, pictures: Value, shape: EncoderShape): Value {
  const { start, size, grey } = shape;
  let map: Value;
  if (start.kind === "backbone") {
    const trunk = backboneTrunks[start.model];
    const learned = scope.withRate(start.use.rate);
    const maps = trunkMaps(learned.at(TRUNK_PATH), mul(pictures, 1 / 255), trunk);
    map = classifierMap(learned.at(WIDENING_PATH), maps, trunk);
  } else {
    const x = standardized(grey ? reduceMean(pictures, [1]) : pictures);
    const stem = { kernelSize: 3, stride: Number(process.env.STRIDE ?? 2), pool: false };
    const channels = (process.env.CH ?? "16,32,64,128").split(",").map(Number);
    const widths = { channels, depths: channels.map(() => 1) };
    map = resNet(scope.at(TRUNK_PATH), x, { ...widths, stem, zeroLastGain: process.env.ZERO !== "0" }).at(
      -1,
    )!;
    if (process.env.POOL)
      map = averagePool(map, { kernelSize: Number(process.env.POOL), stride: Number(process.env.POOL) });
  }
  const flat =
    process.env.HEAD === "gap" ? reshape(reduceMean(map, [2, 3]), [-1, map.dims[1]]) : flattened(map);
  const features = dropout(scope.at("dropout"), flat, { rate: Number(process.env.DROP ?? DROPOUT) });
  let y = dense(scope.at("head"), features, { outFeatures: size, initialize: heNormal(1) });
  if (process.env.NECK) y = batchNorm(scope.at("neck"), y);
  return finished(y, shape);
}

/** Each picture to mean 0 and variance 1: light and contrast say nothing of who it is. */
function standardized(x: Value): Value {
  const centred = sub(x, reduceMean(x, [1, 2, 3]));
  const variance = reduceMean(mul(centred, centred), [1, 2, 3]);
  return div(centred, sqrt(add(variance, 1))); // intensities: a deviation of 1 of 255 is nothing but noise
}

function flattened(map: Value): Value {
  return reshape(map, [-1, map.dims.slice(1).reduce((product, dim) => product * dim, 1)]);
}

/** What encodings become at last: not negative where χ² compares them, of length 1 where wanted. */
export function finished(x: Value, { loss, normalized }: Pick<EncoderShape, "loss" | "normalized">): Value {
  const signed = loss === "binary-chi2" ? relu(x) : x;
  return normalized ? unitLength(signed) : signed;
}

/** Rows scaled to length 1; a row of zeros stays one. */
export function unitLength(x: Value): Value {
  return div(x, sqrt(add(reduceSumSquare(x, [1]), 1e-10)));
}
