import type { Xyxy } from "./box.ts";
import type { Point } from "./similarity.ts";

/** The smallest box around points; those at no finite place are left out. */
export function boxAround(points: readonly (Point | undefined)[]): Xyxy {
  const known = points.filter((point): point is Point => point?.every(Number.isFinite) ?? false);
  const along = (axis: 0 | 1) => known.map((point) => point[axis]);
  const [xs, ys] = [along(0), along(1)];
  return [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
}
