import { tensor } from "../../core/index.ts";
import { add, matmul, mul, reduceSum, reshape, sigmoid, transpose, type Value } from "../../graph/index.ts";
import { normalizePixels } from "../../models/index.ts";
import { type InspectedNet, LUMA } from "../net/index.ts";
import type { ColourSpace } from "./colour-space.ts";
import { waveWeights } from "./cosine-basis.ts";

/** Pictures as they are drawn. */
export interface DrawnPictures {
  /** `[N, 3, H, W]` in 0…1. */
  pictures: Value;
  /** How far each is from the mean colour, as photographs go: the squares of its waves summed, `[N]`. */
  strength: Value;
}

/**
 * Pictures of their waves.
 *
 * @param waves coefficients `[N, 3, rows, columns]`
 * @param rows waves sampled at the picture's rows, `[H, rows]`
 * @param columns the same for its columns, `[W, columns]`
 */
export function picturesOfWaves(
  waves: Value,
  rows: Value,
  columns: Value,
  colours: ColourSpace,
): DrawnPictures {
  const { graph } = waves;
  const [n, , high, wide] = waves.dims;
  const [height, width] = [rows.dims[0], columns.dims[0]];
  const weighed = mul(waves, graph.constant(waveWeights(high, wide)));
  const planes = matmul(matmul(rows, weighed), transpose(columns, [1, 0])); // [N, 3, H, W]
  const flat = reshape(planes, [n, 3, height * width]);
  const matrix = graph.constant(tensor([...colours.matrix], [3, 3]));
  const mean = graph.constant(tensor([...colours.mean], [3, 1]));
  const pictures = reshape(sigmoid(add(matmul(matrix, flat), mean)), [n, 3, height, width]);
  return { pictures, strength: reduceSum(mul(waves, waves), [1, 2, 3], false) };
}

/** Pictures `[N, 3, H, W]` in 0…1 as a net takes them: its numbers, channels and order of axes. */
export function asNetInput(pictures: Value, { layout, pixels }: InspectedNet): Value {
  const weights = pictures.graph.constant(tensor(LUMA, [1, 3, 1, 1]));
  const shown = layout.channels === 1 ? reduceSum(mul(pictures, weights), [1], true) : pictures;
  const values = normalizePixels(shown, pixels);
  return layout.channelsLast ? transpose(values, [0, 2, 3, 1]) : values;
}
