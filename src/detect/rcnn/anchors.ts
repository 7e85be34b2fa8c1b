import type { FlatBoxes } from "../../geometry/index.ts";

/** The anchors of one cell, by the rule of the reference implementation. */
export interface ReferenceAnchors {
  /** Side of the square that all are made of, in pixels. Default 16, the backbone's stride. */
  baseSize?: number;
  /** Heights over widths. Default 0.5, 1, 2. */
  ratios?: readonly number[];
  /** Factors of the base size. Default 8, 16, 32. */
  scales?: readonly number[];
}

/**
 * The anchors of the cell at the picture's corner as the reference implementation of Faster R-CNN (Ren et al. 2015)
 * makes them: nine by default, ratio by ratio. It counts pixels from first to last and rounds sides to whole ones;
 * here a box ends behind its last pixel, so that the right and lower corners are one more than in its table.
 *
 * @returns corners in pixels `[ratios × scales, 4]`
 */
export function referenceAnchors(options: ReferenceAnchors = {}): Float32Array {
  const { baseSize = 16, ratios = [0.5, 1, 2], scales = [8, 16, 32] } = options;
  const centre = (baseSize - 1) / 2; // of the pixels' own positions
  const boxes = ratios.flatMap((ratio) => {
    const width = roundToEven(Math.sqrt(baseSize ** 2 / ratio));
    const height = roundToEven(width * ratio);
    return scales.flatMap((scale) => {
      const [x, y] = [(scale * width - 1) / 2, (scale * height - 1) / 2];
      return [centre - x, centre - y, centre + x + 1, centre + y + 1];
    });
  });
  return Float32Array.from(boxes);
}

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
 * A cell's anchors at every cell of a feature map, row by row, those of one cell together.
 *
 * @param anchors corners `[A, 4]`
 * @param stride pixels from one cell to the next
 * @returns corners in pixels `[rows × columns × A, 4]`
 */
export function gridAnchors(anchors: FlatBoxes, rows: number, columns: number, stride: number): Float32Array {
  const boxes = new Float32Array(rows * columns * anchors.length);
  let at = 0;
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      for (let i = 0; i < anchors.length; i++)
        boxes[at++] = anchors[i] + stride * (i % 2 === 0 ? column : row);
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
