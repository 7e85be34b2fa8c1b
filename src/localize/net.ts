import {
  add,
  cast,
  clip,
  exp,
  mul,
  reduceSum,
  relu,
  reshape,
  softmax,
  split,
  type Value,
} from "../graph/index.ts";
import { backboneTrunks, cellCentres, fuseMaps, trunkMaps, unit } from "../models/index.ts";
import { type BoxTensors, convolution, heNormal, type Scope } from "../nn/index.ts";
import type { Recipe } from "./recipe.ts";

/** Where the trunk stands among the net's parameters. */
export const TRUNK_PATH = "trunk";

/** Names that `model` may have. */
export const modelNames: readonly string[] = Object.keys(backboneTrunks);

/** Channels of what stands on the trunk. */
const NECK_CHANNELS = 64;

/** Maps of finer strides than this are not asked: they see too little of the picture. */
const FINEST_STRIDE = 8;

/** Limit of the size logits: e³ = 20 times the usual size either way. */
const SIZE_LIMIT = 3;

/** A net's answer for N pictures. */
export interface LocalizationAnswer {
  /** Logit of Pc, `[N, 1]`. */
  presence: Value;
  /** Centre and size as fractions of the input, each `[N, 1]`. */
  box: BoxTensors;
  /** Logits of the classes, `[N, classes]`. */
  classes: Value;
}

/** What each cell of a net's map says, `[N, …, cells]`, row by row. */
export interface LocalizationCells {
  /** Logits of how much a cell's answer is worth, `[N, 1, cells]`. */
  worth: Value;
  presence: Value;
  box: BoxTensors;
  /** `[N, classes, cells]` */
  classes: Value;
  /** The cells' centres as fractions of the input, each `[1, 1, cells]`. */
  x: Value;
  y: Value;
  /** Cells along the input's sides. */
  columns: number;
  rows: number;
}

/**
 * The answer for uint8 pictures `[N, 3, H, W]`: the mean of what the cells say, weighted by a softmax over how much each
 * is worth. So a place learned in one part of the picture is known in all of them, which a dense layer over the map would
 * have to learn for each.
 */
export function localizationNet(scope: Scope, pictures: Value, net: NetOptions): LocalizationAnswer {
  const cells = localizationCells(scope, pictures, net);
  return meanAnswer(cells, softmax(cells.worth, 2));
}

/** The mean of what the cells say, weighted by `[N, 1, cells]`, which sum to 1. */
export function meanAnswer(
  { presence, box, classes }: LocalizationCells,
  weights: Value,
): LocalizationAnswer {
  const mean = (value: Value) => {
    const [n, answers] = value.dims;
    return reshape(reduceSum(mul(value, weights), [2]), [n, answers]);
  };
  return {
    presence: mean(presence),
    box: { cx: mean(box.cx), cy: mean(box.cy), width: mean(box.width), height: mean(box.height) },
    classes: mean(classes),
  };
}

/** The part of a recipe that the net is made of. */
type NetOptions = Pick<Recipe, "model" | "classes" | "usualSize" | "backbone">;

/**
 * What every cell of the finest map says of uint8 pictures `[N, 3, H, W]`: whether there is an object, where from its own
 * place, of what class, and how much its answer is worth.
 */
export function localizationCells(
  scope: Scope,
  pictures: Value,
  { model, classes, usualSize, backbone }: NetOptions,
): LocalizationCells {
  const x = mul(cast(pictures, "float32"), 1 / 255);
  const trunk = scope.at(TRUNK_PATH).withRate(backbone?.rate ?? 1);
  const maps = trunkMaps(trunk, x, backboneTrunks[model]);
  const map = fuseMaps(scope.at("neck"), maps, { finestStride: FINEST_STRIDE, channels: NECK_CHANNELS });
  const head = scope.at("head");
  let y = unit(head.at("a"), relu(map), { outChannels: NECK_CHANNELS, kernelSize: 3 });
  y = unit(head.at("b"), y, { outChannels: NECK_CHANNELS, kernelSize: 3 });
  const raw = convolution(head.at("answer"), y, {
    outChannels: 6 + classes.length,
    kernelSize: 1,
    bias: true,
    initialize: heNormal(0.1),
  });
  const [n, answers, rows, columns] = raw.dims;
  const cells = reshape(raw, [n, answers, rows * columns]);
  const [worth, presence, tx, ty, th, tw, c] = split(cells, 1, [1, 1, 1, 1, 1, 1, classes.length]);
  const size = (t: Value, usual: number) => mul(exp(clip(t, -SIZE_LIMIT, SIZE_LIMIT)), usual);
  const centres = cellCentres(raw.graph, rows, columns);
  return {
    worth,
    presence,
    box: {
      // An offset of 1 is as far as an object of the usual size reaches.
      cx: add(centres.x, mul(tx, usualSize.width)),
      cy: add(centres.y, mul(ty, usualSize.height)),
      width: size(tw, usualSize.width),
      height: size(th, usualSize.height),
    },
    classes: c,
    ...centres,
    rows,
    columns,
  };
}
