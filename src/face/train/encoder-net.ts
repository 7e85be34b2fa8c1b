import {
  add,
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
 * trained trunk with a new head. The head sees every place of the last map by itself: faces lie where they lie, and what
 * is where is what tells them apart. It ends in a batch norm, without which few of the numbers would say something of
 * people never seen (Deng et al. 2019, ArcFace, section 3.1).
 */
export function encoderNet(scope: Scope, pictures: Value, shape: EncoderShape): Value {
  const { size } = shape;
  const map = lastMap(scope, pictures, shape);
  const features = dropout(scope.at("dropout"), flattened(map), { rate: DROPOUT });
  const linear = dense(scope.at("head"), features, {
    outFeatures: size,
    bias: false, // the norm has one
    initialize: heNormal(1),
  });
  return finished(batchNorm(scope.at("norm"), linear), shape);
}

function lastMap(scope: Scope, pictures: Value, { start, grey }: EncoderShape): Value {
  if (start.kind === "backbone") {
    const trunk = backboneTrunks[start.model];
    const learned = scope.withRate(start.use.rate);
    const maps = trunkMaps(learned.at(TRUNK_PATH), mul(pictures, 1 / 255), trunk);
    return classifierMap(learned.at(WIDENING_PATH), maps, trunk);
  }
  const x = standardized(grey ? reduceMean(pictures, [1]) : pictures);
  const stem = { kernelSize: 3, stride: 2, pool: false };
  return resNet(scope.at(TRUNK_PATH), x, { stem, channels: [16, 32, 64, 128], depths: [1, 1, 1, 1] }).at(-1)!;
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

/**
 * What encodings become at last: not negative where a head compares them number by number, which χ² needs and which
 * generalises better with differences, too; of length 1 where wanted.
 */
function finished(x: Value, { loss, normalized }: Pick<EncoderShape, "loss" | "normalized">): Value {
  const compared = loss === "triplet" ? x : relu(x);
  return normalized ? unitLength(compared) : compared;
}

/** Rows scaled to length 1; a row of zeros stays one. */
function unitLength(x: Value): Value {
  return div(x, sqrt(add(reduceSumSquare(x, [1]), 1e-10)));
}
