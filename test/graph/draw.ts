import { type DataType, type Random, sizeOf, type Tensor, tensor } from "../../src/core/index.ts";

/** How an input of an operator case is filled. */
export interface Draw {
  readonly shape: readonly number[];
  readonly dtype: DataType;
  /** Whether the case checks the gradient by this input. */
  readonly differentiated: boolean;
  values(random: Random): number[];
}

function draw(shape: readonly number[], values: (random: Random) => number[]): Draw {
  return { shape, dtype: "float32", differentiated: true, values };
}

function each(shape: readonly number[], value: (random: Random) => number): Draw {
  return draw(shape, (random) => Array.from({ length: sizeOf(shape) }, () => value(random)));
}

/** Numbers in [low, high). */
export function uniform(shape: readonly number[], low = -1.5, high = 1.5): Draw {
  return each(shape, (random) => random.uniform(low, high));
}

/** Numbers in ±[0.2, 1.5) that keep a distance of 0.1 from each of `kinks`, and from 0. */
export function awayFrom(shape: readonly number[], kinks: readonly number[] = [], reach = 1.5): Draw {
  return each(shape, (random) => {
    let value: number;
    do value = random.uniform(-reach, reach);
    while ([0, ...kinks].some((kink) => Math.abs(value - kink) < 0.1));
    return value;
  });
}

/** Numbers no two of which are closer than 0.05, for operators that choose the largest. */
export function distinct(shape: readonly number[]): Draw {
  const size = sizeOf(shape);
  const ladder = Array.from({ length: size }, (_, i) => (i - Math.floor(size / 2)) * 0.05);
  return draw(shape, (random) => random.shuffle(ladder));
}

/** The given numbers. */
export function listed(values: readonly number[], shape: readonly number[] = [values.length]): Draw {
  return draw(shape, () => [...values]);
}

/** The given integers: indices, sizes. */
export function integers(
  values: readonly number[],
  shape: readonly number[] = [values.length],
  dtype: DataType = "int64",
): Draw {
  return { shape, dtype, differentiated: false, values: () => [...values] };
}

/** Booleans, half of them true. */
export function booleans(shape: readonly number[]): Draw {
  return { ...each(shape, (random) => random.integer(2)), dtype: "bool", differentiated: false };
}

/** The same input without a check of its gradient. */
export function fixed(input: Draw): Draw {
  return { ...input, differentiated: false };
}

/** The tensor that a random stream fills. */
export function drawTensor({ shape, dtype, values }: Draw, random: Random): Tensor {
  return tensor(values(random), shape, dtype);
}
