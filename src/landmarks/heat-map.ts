import {
  add,
  concat,
  type Graph,
  log,
  mul,
  reduceSum,
  reshape,
  softmax,
  split,
  sub,
  type Value,
} from "../graph/index.ts";
import { cellCentres } from "../models/index.ts";

/**
 * The mean place of each map's softmax, which unlike the place of its largest cell has a gradient and parts of cells (Nibali
 * et al. 2018, "Numerical coordinate regression with convolutional neural networks", DSNT).
 *
 * @param heat logits `[N, K, rows, columns]`
 * @returns x, y in parts of the map, `[N, K, 2]`
 */
export function softArgmax(heat: Value): Value {
  const [, count, rows, columns] = heat.dims;
  const shares = sharesOf(heat); // [N, K, cells]
  const { x, y } = cellCentres(heat.graph, rows, columns);
  const mean = (centres: Value) => reshape(reduceSum(mul(shares, centres), [2]), [-1, count, 1]);
  return concat([mean(x), mean(y)], 2);
}

/**
 * The Jensen–Shannon divergence between each map's softmax and a normal distribution around its point, `[N, K]`: the
 * regularisation that DSNT found best. It keeps a map in one place, and its width from becoming part of the answer.
 *
 * @param heat logits `[N, K, rows, columns]`
 * @param points x, y in parts of the map, `[N, K, 2]`
 * @param deviation of the normal distribution, in cells
 */
export function heatDivergence(heat: Value, points: Value, deviation: number): Value {
  const [, count, rows, columns] = heat.dims;
  const p = sharesOf(heat);
  const q = normalShares(heat.graph, points, rows, columns, deviation);
  const middle = log(add(mul(add(p, q), 0.5), EPSILON));
  const towards = (shares: Value) =>
    reduceSum(mul(shares, sub(log(add(shares, EPSILON)), middle)), [2], false);
  return reshape(mul(add(towards(p), towards(q)), 0.5), [-1, count]);
}

/** Keeps logarithms of shares that are 0 finite. */
const EPSILON = 1e-12;

function sharesOf(heat: Value): Value {
  const [, count, rows, columns] = heat.dims;
  return softmax(reshape(heat, [-1, count, rows * columns]), 2);
}

/** A normal distribution around each point, as shares of the cells `[N, K, cells]` that sum to 1. */
function normalShares(graph: Graph, points: Value, rows: number, columns: number, deviation: number): Value {
  const { x, y } = cellCentres(graph, rows, columns);
  const [px, py] = split(points, 2, [1, 1]); // [N, K, 1]
  const squared = (centre: Value, place: Value, cells: number) => {
    const cellsAway = mul(sub(centre, place), cells / deviation);
    return mul(cellsAway, cellsAway);
  };
  return softmax(mul(add(squared(x, px, columns), squared(y, py, rows)), -0.5), 2);
}
