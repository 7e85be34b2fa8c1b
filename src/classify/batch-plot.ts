import type { ExampleBatch } from "../data/index.ts";
import { contactSheet, type Picture, resizePicture } from "../image/index.ts";
import { lineChart } from "../report/index.ts";
import type { Recipe } from "./recipe.ts";

/** Examples that are shown. */
const SHOWN = 24;
/** Sequences that are drawn over each other. */
const SHOWN_SEQUENCES = 6;
/** Smallest side of a tile in pixels. */
const TILE = 128;

/** A training batch as one drawing: pictures, volumes seen through along their depth, or sequences as curves. */
export async function batchPlot(
  batch: ExampleBatch,
  { kind, classes }: Pick<Recipe, "kind" | "classes">,
): Promise<{ picture: Picture } | { svg: string }> {
  const { inputs, targets, ids } = batch;
  const shape = inputs.shape.slice(1); // the first pictures may be smaller than the recipe's
  const size = shape.reduce((product, dim) => product * dim, 1);
  const data = inputs.data as Float32Array | Uint8Array;
  const example = (slot: number) => data.subarray(slot * size, (slot + 1) * size);
  const label = (slot: number) => {
    const row = (targets.data as Float32Array).subarray(slot * classes.length, (slot + 1) * classes.length);
    return classes[row.indexOf(Math.max(...row))];
  };
  if (kind === "sequences") {
    const series = ids.slice(0, SHOWN_SEQUENCES).map((_, slot) => ({
      name: `${label(slot)} (${slot + 1})`,
      points: Array.from(example(slot).subarray(0, shape[1]), (y, x): [number, number] => [x, y]),
    }));
    const values = series.flatMap(({ points }) => points.map(([, y]) => y));
    const yRange = values.reduce<readonly [number, number]>(
      ([least, most], y) => [Math.min(least, y), Math.max(most, y)],
      [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
    );
    const labels = { title: "First channel", xLabel: "time step", yLabel: "value" };
    return { svg: lineChart({ ...labels, yRange, series }) };
  }
  const tiles = ids.slice(0, SHOWN).map(async (_, slot) => {
    const picture = kind === "pictures" ? interleaved(example(slot), shape) : projected(example(slot), shape);
    return { picture: await enlargedTo(TILE, picture), caption: label(slot) };
  });
  const [height, width] = shape.slice(-2).map((side) => Math.max(TILE, side));
  const sheet = { columns: 8, tileWidth: width, tileHeight: height };
  return { picture: await contactSheet(await Promise.all(tiles), sheet) };
}

/** A small picture made larger until its longer side has `side` pixels; a larger one as it is. */
export async function enlargedTo(side: number, picture: Picture): Promise<Picture> {
  const { width, height } = picture;
  const scale = side / Math.max(width, height);
  if (scale <= 1) return picture;
  return resizePicture(picture, Math.round(width * scale), Math.round(height * scale));
}

/** A planar picture `[3, height, width]` of bytes. */
function interleaved(planar: ArrayLike<number>, [, height, width]: readonly number[]): Picture {
  const plane = height * width;
  const data = new Uint8Array(3 * plane);
  for (let i = 0; i < data.length; i++) data[i] = planar[(i % 3) * plane + Math.floor(i / 3)];
  return { width, height, data };
}

/** A volume's first channel, averaged along its depth, from the darkest to the brightest: what lies behind each other shines through. */
function projected(volume: ArrayLike<number>, [, depth, height, width]: readonly number[]): Picture {
  const plane = height * width;
  const sums = new Float32Array(plane);
  for (let i = 0; i < depth * plane; i++) sums[i % plane] += volume[i];
  const least = sums.reduce((low, sum) => Math.min(low, sum), sums[0]);
  const range = sums.reduce((high, sum) => Math.max(high, sum), sums[0]) - least || 1;
  const data = new Uint8Array(3 * plane);
  for (let i = 0; i < data.length; i++) data[i] = (255 * (sums[Math.floor(i / 3)] - least)) / range;
  return { width, height, data };
}
