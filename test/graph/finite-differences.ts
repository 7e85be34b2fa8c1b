import { type Tensor, tensor } from "../../src/core/index.ts";

/** Wide enough that float32's rounding does not drown the difference, small enough for the curvature. */
const STEP = 1e-2;

/**
 * ∂loss/∂x by central differences, one element after the other. `lossOf` is asked with a tensor that
 * differs from x in that element.
 */
export async function centralDifferences(
  x: Tensor,
  lossOf: (moved: Tensor) => Promise<number>,
): Promise<number[]> {
  const gradient: number[] = [];
  for (let i = 0; i < x.data.length; i++) {
    const at = async (by: number) => {
      const moved = tensor(x.data, x.shape, x.dtype);
      moved.data[i] = Number(x.data[i]) + by;
      return { place: Number(moved.data[i]), loss: await lossOf(moved) };
    };
    const [above, below] = [await at(STEP), await at(-STEP)];
    gradient.push((above.loss - below.loss) / (above.place - below.place));
  }
  return gradient;
}
