import { basename, dirname, join } from "node:path";
import { Random, sizeOf, tensor } from "../core/index.ts";
import type { ClassificationDataset, ClassifiedArray, Problem } from "../data/index.ts";
import { maximum, minimum, mul, sub, type Value } from "../graph/index.ts";

/**
 * What takes inputs to where nets are at home: (input − mean) / deviation. Each list has a number for every channel, or
 * one for all of them.
 */
export interface Normalization {
  /** What is subtracted: the mean of sequences, the background of volumes. */
  mean: number[];
  /** What is divided by then. */
  deviation: number[];
  /** Where single values lie far beyond all others, the range of these: inputs are limited to it before. */
  limits?: { low: number[]; high: number[] };
}

/** Values of a channel that are looked at where it has more. */
const LOOKED_AT = 2 ** 18;
/** A value is far out if it is so many times as far from the middle as others usually are … */
const FAR = 1000;
/** … and if not more than this share of the examples, or one, have such. */
const RARE = 0.01;
/** A value that a channel holds so often is the background of volumes. */
const FREQUENT = 0.05;
/** The largest number that float32 holds. */
const LARGEST = 3.4028234663852886e38;

/** How inputs are normalised: pictures of bytes to 0 … 1, others by what the training set holds in each channel. */
export function normalizationOf(dataset: ClassificationDataset): Normalization {
  if (dataset.kind === "pictures") return { mean: [0], deviation: [255] };
  const { kind, shape, splits } = dataset;
  // Occupancies are what nets take anyway: 0 is empty, however full the volumes are.
  if (kind === "volumes" && splits.train.every(isOccupancy)) return { mean: [0], deviation: [1] };
  const channels = Array.from({ length: shape[0] }, (_, c) => normalizeChannel(kind, shape, splits.train, c));
  const hasLimits = channels.some(({ low, high }) => low > -LARGEST || high < LARGEST);
  return {
    mean: channels.map(({ mean }) => mean),
    deviation: channels.map(({ deviation }) => deviation),
    ...(hasLimits && {
      limits: { low: channels.map(({ low }) => low), high: channels.map(({ high }) => high) },
    }),
  };
}

/** Inputs `[N, channels, …]` as the net takes them. */
export function normalizeInputs(inputs: Value, { mean, deviation, limits }: Normalization): Value {
  const shape = [1, inputs.dims[1], ...inputs.dims.slice(2).map(() => 1)];
  const operand = (numbers: readonly number[]) =>
    numbers.every((number) => number === numbers[0])
      ? numbers[0]
      : inputs.graph.constant(tensor([...numbers], shape));
  const limited = limits ? minimum(maximum(inputs, operand(limits.low)), operand(limits.high)) : inputs;
  const centred = mean.every((number) => number === 0) ? limited : sub(limited, operand(mean));
  if (deviation.every((number) => number === 1)) return centred;
  return mul(centred, operand(deviation.map((number) => 1 / number)));
}

/** Word of each example to train or validate with that holds values far beyond all others. */
export function reportFarValues(dataset: ClassificationDataset): Problem[] {
  return dataset.splits.train.length > 0 ? reportBeyondLimits(dataset, normalizationOf(dataset)) : [];
}

/** The same, by the limits of a training. */
export function reportBeyondLimits(dataset: ClassificationDataset, { limits }: Normalization): Problem[] {
  if (dataset.kind === "pictures" || !limits) return [];
  const { shape, splits, kind } = dataset;
  const size = sizeOf(shape.slice(1));
  return [...splits.train, ...splits.val].flatMap(({ id, values }): Problem[] => {
    const at = (values as Float32Array).findIndex((value, i) => {
      const channel = Math.floor(i / size);
      return value < limits.low[channel] || value > limits.high[channel];
    });
    if (at < 0) return [];
    const channel = Math.floor(at / size);
    const where = shape[0] > 1 ? ` of channel ${channel + 1}` : "";
    const detail = `Value ${values[at]}${where} lies far beyond all others (${shown(limits.low[channel])} … ${shown(limits.high[channel])} in the ${kind}) and counts as the nearest of them: mend it, or leave the example out.`;
    return [{ kind: "value-far", file: placeOfExample(dataset.root, id), detail }];
  });
}

/** A number as a sentence takes it. */
function shown(value: number): string {
  return `${Number(value.toPrecision(6))}`;
}

/** Where an example lies: its file, or its line in the table that is the whole data set. */
function placeOfExample(root: string, id: string): string {
  return join(id.startsWith(`${basename(root)}:`) ? dirname(root) : root, id);
}

function isOccupancy({ values }: ClassifiedArray): boolean {
  return (values as Float32Array).every((value) => value === 0 || value === 1);
}

function normalizeChannel(
  kind: "sequences" | "volumes",
  shape: readonly number[],
  examples: readonly ClassifiedArray[],
  channel: number,
) {
  const size = sizeOf(shape.slice(1));
  const rows = examples.map(({ values }) => values.subarray(channel * size, (channel + 1) * size));
  const sorted = sampleOf(rows, size).sort();
  const middle = kind === "volumes" ? backgroundOf(sorted) : sorted[sorted.length >> 1];
  const distances = sorted.map((value) => Math.abs(value - middle)).sort();
  const apart = distances.subarray(distances.findIndex((distance) => distance > 0));
  const isFlat = distances[distances.length - 1] === 0;
  const { low, high } = limitsOf(rows, middle, isFlat ? 0 : FAR * apart[apart.length >> 1]);
  const isOrdinary = (value: number) => value >= low && value <= high;
  let [count, sum, squares, farthest] = [0, 0, 0, 0];
  for (const row of rows) {
    for (const value of row) {
      if (!isOrdinary(value)) continue;
      const distance = value - middle;
      count++;
      sum += distance;
      squares += distance * distance;
      farthest = Math.max(farthest, Math.abs(distance));
    }
  }
  if (kind === "volumes") {
    // What is empty in a volume becomes 0, which is what convolutions see beyond its borders.
    const most = isFlat ? farthest : Math.min(farthest, apart[Math.floor(0.999 * (apart.length - 1))]);
    return { mean: middle + 0, deviation: most || 1, low, high };
  }
  const mean = sum / count;
  const deviation = Math.sqrt(Math.max(0, squares / count - mean * mean));
  return { mean: middle + mean, deviation: deviation || 1, low, high };
}

/** The range of all values but those few that are farther from the middle than `far`; all of float32 without such. */
function limitsOf(rows: readonly ArrayLike<number>[], middle: number, far: number) {
  const all = { low: -LARGEST, high: LARGEST };
  if (far === 0) return all;
  let [low, high, outlying] = [middle, middle, 0];
  for (const row of rows) {
    let isOutlying = false;
    for (let i = 0; i < row.length; i++) {
      if (Math.abs(row[i] - middle) > far) isOutlying = true;
      else if (row[i] < low) low = row[i];
      else if (row[i] > high) high = row[i];
    }
    if (isOutlying) outlying++;
  }
  return outlying > 0 && outlying <= Math.max(1, RARE * rows.length) ? { low, high } : all;
}

/** All values of a channel, or as many drawn from them as are looked at. */
function sampleOf(rows: readonly (Float32Array | Uint8Array)[], size: number): Float32Array {
  const count = rows.length * size;
  if (count > LOOKED_AT) {
    const random = new Random(0, 0x5a3e);
    return Float32Array.from({ length: LOOKED_AT }, () => {
      const at = random.integer(count);
      return rows[Math.floor(at / size)][at % size];
    });
  }
  const sample = new Float32Array(count);
  for (const [i, row] of rows.entries()) sample.set(row, i * size);
  return sample;
}

/**
 * The value of what is empty: the most frequent one where one is frequent (air, padding), else, of measured numbers that
 * hardly repeat, the middle of the densest tenth of them.
 *
 * @param sorted rising
 */
function backgroundOf(sorted: Float32Array): number {
  let [longest, value] = [0, sorted[0]];
  for (let start = 0, i = 1; i <= sorted.length; i++) {
    if (i < sorted.length && sorted[i] === sorted[start]) continue;
    if (i - start > longest) [longest, value] = [i - start, sorted[start]];
    start = i;
  }
  if (longest >= FREQUENT * sorted.length) return value;
  const tenth = Math.floor(sorted.length / 10);
  let begin = 0;
  for (let i = 1; i + tenth < sorted.length; i++)
    if (sorted[i + tenth] - sorted[i] < sorted[begin + tenth] - sorted[begin]) begin = i;
  return sorted[begin + (tenth >> 1)];
}
