import { type Random, type Tensor, tensor } from "../../core/index.ts";
import { conv, type Value } from "../../graph/index.ts";
import { TRANSFORMER_STRIDE } from "./transformer.ts";

/** Shape of what says how far pictures are shifted. */
export const SHIFT_SHAPE: readonly number[] = [3, 1, TRANSFORMER_STRIDE, TRANSFORMER_STRIDE];

/**
 * Pictures without some rows and columns, {@link TRANSFORMER_STRIDE} − 1 in all, at their beginnings or ends. A net with
 * strides judges pixels by their place on its grid, and one that paints on the same grid soon paints what the other does
 * not see: dots. Compared at another place in each step, nothing stays unseen.
 *
 * @param pictures `[N, 3, H, W]`
 * @param shift of {@link drawShift}
 */
export function shifted(pictures: Value, shift: Value): Value {
  return conv(pictures, shift, undefined, { groups: 3 });
}

/** A random place on the grid, as filters that pass on one pixel. */
export function drawShift(random: Random): Tensor {
  const area = TRANSFORMER_STRIDE ** 2;
  const place = random.integer(area);
  return tensor(
    Array.from({ length: 3 * area }, (_, i) => (i % area === place ? 1 : 0)),
    SHIFT_SHAPE,
  );
}
