import { FoveaError } from "../core/index.ts";
import type { Xyxy } from "./box.ts";

/**
 * An affine map of the plane, the first two rows of its 3×3 matrix:
 * `x′ = a·x + b·y + tx`, `y′ = c·x + d·y + ty`.
 */
export type Affine = readonly [a: number, b: number, tx: number, c: number, d: number, ty: number];

/** The point that a map takes (x, y) to. */
export function transformPoint(x: number, y: number, map: Affine): [x: number, y: number] {
  const [a, b, tx, c, d, ty] = map;
  return [a * x + b * y + tx, c * x + d * y + ty];
}

/** The smallest upright box around a mapped box: exact for scaling, shifts, mirrors and quarter turns. */
export function transformBox([x1, y1, x2, y2]: Xyxy, map: Affine): Xyxy {
  const corners = [
    transformPoint(x1, y1, map),
    transformPoint(x2, y1, map),
    transformPoint(x1, y2, map),
    transformPoint(x2, y2, map),
  ];
  const xs = corners.map(([x]) => x);
  const ys = corners.map(([, y]) => y);
  return [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
}

/** The map that applies `first`, then `second`. */
export function composeAffine(first: Affine, second: Affine): Affine {
  const [a, b, tx, c, d, ty] = first;
  const [e, f, ux, g, h, uy] = second;
  return [
    e * a + f * c,
    e * b + f * d,
    e * tx + f * ty + ux,
    g * a + h * c,
    g * b + h * d,
    g * tx + h * ty + uy,
  ];
}

/**
 * The map that undoes `map`.
 *
 * @throws FoveaError `affine-singular` if the map flattens the plane
 */
export function invertAffine(map: Affine): Affine {
  const [a, b, tx, c, d, ty] = map;
  const determinant = a * d - b * c;
  if (determinant === 0 || !Number.isFinite(determinant)) {
    throw new FoveaError(
      "affine-singular",
      `The affine map [${map.join(", ")}] has determinant ${determinant} and cannot be inverted.`,
    );
  }
  return [
    d / determinant,
    -b / determinant,
    (b * ty - d * tx) / determinant,
    -c / determinant,
    a / determinant,
    (c * tx - a * ty) / determinant,
  ];
}
