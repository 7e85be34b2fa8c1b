import { add, mul, reduceSumSquare, slice, sub, type Value } from "../../graph/index.ts";

/**
 * Σ of squared differences between neighbouring pixels, to the right and below: large where a picture is noisy.
 *
 * @param pictures `[1, 3, H, W]`
 * @param weights `[1, 1, H, W]` of zeros and ones: which pixels are compared with their neighbours; default all
 * @returns a scalar
 */
export function totalVariation(pictures: Value, weights?: Value): Value {
  const along = (axis: number) => {
    const size = pictures.dims[axis];
    const difference = sub(slice(pictures, axis, 1, size), slice(pictures, axis, 0, size - 1));
    const counted = weights ? mul(difference, slice(weights, axis, 0, size - 1)) : difference;
    return reduceSumSquare(counted, undefined, false);
  };
  return add(along(2), along(3));
}
