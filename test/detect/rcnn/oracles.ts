import { type BoxWeights, LARGEST_LOG_FACTOR } from "../../../src/detect/rcnn/index.ts";
import type { FlatBoxes } from "../../../src/geometry/index.ts";

/**
 * Anchors around the origin, as torchvision makes them: for each ratio (height over width) and size the box of area
 * size², corners rounded to whole pixels.
 *
 * @returns corners in pixels `[ratios × sizes, 4]`
 */
export function cellAnchors(sizes: readonly number[], ratios: readonly number[] = [0.5, 1, 2]): Float32Array {
  const boxes = ratios.flatMap((ratio) => {
    const root = Math.sqrt(ratio);
    return sizes.flatMap((size) => {
      const [x, y] = [roundToEven(size / root / 2), roundToEven((size * root) / 2)];
      return [-x, -y, x, y];
    });
  });
  return Float32Array.from(boxes);
}

/**
 * The boxes that codes stand for; the inverse of `encodeBoxes` but for factors that are too large.
 *
 * @param codes `[N, 4]`
 * @param references corners `[N, 4]`
 * @returns corners `[N, 4]`
 */
export function decodeBoxes(codes: FlatBoxes, references: FlatBoxes, weights: BoxWeights): Float32Array {
  const boxes = new Float32Array(codes.length);
  for (let i = 0; i < codes.length; i += 4) {
    for (let axis = 0; axis < 2; axis++) {
      const reference = references[i + 2 + axis] - references[i + axis];
      const middle = references[i + axis] + reference / 2 + (codes[i + axis] / weights[axis]) * reference;
      const factor = Math.exp(Math.min(codes[i + 2 + axis] / weights[2 + axis], LARGEST_LOG_FACTOR));
      boxes[i + axis] = middle - (factor * reference) / 2;
      boxes[i + 2 + axis] = middle + (factor * reference) / 2;
    }
  }
  return boxes;
}

/** Halves go to the even number, as in NumPy and PyTorch. */
function roundToEven(value: number): number {
  const below = Math.floor(value);
  if (value - below !== 0.5) return Math.round(value);
  return below % 2 === 0 ? below : below + 1;
}
