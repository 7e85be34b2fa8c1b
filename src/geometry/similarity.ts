import { FoveaError } from "../core/index.ts";
import type { Affine } from "./affine.ts";

export type Point = readonly [x: number, y: number];

/**
 * The rotation, scaling and shift that brings points nearest to others, in the sense of least squares and without
 * mirroring (Umeyama 1991, in the plane).
 *
 * @param from at least two points, not all the same; @param to where each should go
 * @throws FoveaError `points-degenerate`
 */
export function similarityTransform(from: readonly Point[], to: readonly Point[]): Affine {
  if (from.length !== to.length) {
    throw new FoveaError(
      "points-degenerate",
      `similarityTransform: ${from.length} points cannot be brought to ${to.length}: give as many of both.`,
    );
  }
  const [fromX, fromY] = meanOf(from);
  const [toX, toY] = meanOf(to);
  let spread = 0;
  let along = 0;
  let across = 0;
  for (const [i, [x, y]] of from.entries()) {
    const [px, py] = [x - fromX, y - fromY];
    const [qx, qy] = [to[i][0] - toX, to[i][1] - toY];
    spread += px * px + py * py;
    along += px * qx + py * qy;
    across += px * qy - py * qx;
  }
  if (!(spread > 0)) {
    throw new FoveaError(
      "points-degenerate",
      `similarityTransform: ${from.length} points do not lie in two places at least: a turn and a size cannot be told.`,
    );
  }
  const [a, b] = [along / spread, across / spread];
  return [a, -b, toX - a * fromX + b * fromY, b, a, toY - b * fromX - a * fromY];
}

function meanOf(points: readonly Point[]): [x: number, y: number] {
  const sum = (axis: 0 | 1) => points.reduce((total, point) => total + point[axis], 0);
  return [sum(0) / points.length, sum(1) / points.length];
}
