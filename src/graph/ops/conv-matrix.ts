import { type DataType, sizeOf, type Tensor, tensor } from "../../core/index.ts";
import type { Value } from "../graph.ts";
import type { ConvGeometry } from "./conv-geometry.ts";
import { matmul, transposeLast } from "./matmul.ts";
import { reduceSum } from "./reduction.ts";
import { reshape, transpose } from "./reshape.ts";

/** Positions up to which the products win (measured: at 2 × 2 by a factor of 2 to 4, at 4 × 4 by a few per cent). */
const FEW_POSITIONS = 16;
/** Below so many filter elements, the filters stay in the processor's cache from picture to picture. */
const MANY_ELEMENTS = 1 << 16;

/** Shapes of a convolution's input, filters and output, and its groups. */
export interface ConvShapes {
  x: readonly number[];
  w: readonly number[];
  y: readonly number[];
  groups: number;
}

/** Whether the matrix form is the faster one. */
export function hasFewPositions({ x, w, y, groups }: ConvShapes): boolean {
  return (
    groups === 1 &&
    x[0] > 1 &&
    sizeOf(y.slice(2)) <= FEW_POSITIONS &&
    sizeOf(x.slice(2)) <= 5 * FEW_POSITIONS &&
    sizeOf(w) >= MANY_ELEMENTS
  );
}

/**
 * A convolution of maps with few positions as matrix products over the whole batch: ONNX Runtime's own goes
 * picture by picture, and reads all filters again for a handful of positions.
 *
 * With x as `[C, N, P]`, a constant E `[taps, P, Q]` that holds a one where a tap at output position q sees
 * input position p, and filters w `[M, C·taps]`: columns = x·E `[C, taps, N, Q]`, y = w·columns `[M, N·Q]`. Any
 * stride, dilation and padding in any number of dimensions is just another E.
 */
export function convolveByMatrix(x: Value, w: Value, y: Value, geometry: ConvGeometry): Value {
  const product = matmul(flatFilters(w), columns(x, y.dims, geometry)); // [M, N·Q]
  return byPicture(product, y.dims);
}

/** ∂loss/∂w, of a given shape: dy `[M, N·Q]` times the transposed columns. */
export function filterGradientByMatrix(
  x: Value,
  dy: Value,
  shape: readonly number[],
  geometry: ConvGeometry,
): Value {
  return reshape(matmul(byChannel(dy), transposeLast(columns(x, dy.dims, geometry))), shape);
}

/** ∂loss/∂x: the columns' gradient wᵀ·dy, each tap's part moved back to where it was taken from, and their sum. */
export function inputGradientByMatrix(
  dy: Value,
  w: Value,
  shape: readonly number[],
  geometry: ConvGeometry,
): Value {
  const [batch, channels, ...size] = shape;
  const outputs = sizeOf(dy.dims.slice(2));
  const dColumns = matmul(transposeLast(flatFilters(w)), byChannel(dy)); // [C·taps, N·Q]
  if (isPointwise(geometry)) return byPicture(dColumns, shape);
  const taps = dColumns.dims[0] / channels;
  const places = placesOf(shape, dy.dims, geometry, dy.dtype);
  const back = dy.graph.constant(transposedPlaces(places)); // [taps, Q, P]
  const moved = matmul(reshape(dColumns, [channels, taps, batch, outputs]), back); // [C, taps, N, P]
  return byPicture(reshape(reduceSum(moved, [1], false), [channels, -1]), [batch, channels, ...size]);
}

function columns(x: Value, outputShape: readonly number[], geometry: ConvGeometry): Value {
  if (isPointwise(geometry)) return byChannel(x);
  const [batch, channels, ...size] = x.dims;
  const positions = sizeOf(size);
  const maps = reshape(byChannel(x), [channels, 1, batch, positions]);
  const seen = matmul(maps, x.graph.constant(placesOf(x.dims, outputShape, geometry, x.dtype))); // [C, taps, N, Q]
  return reshape(seen, [channels * seen.dims[1], batch * seen.dims[3]]);
}

/** Whether each output sees the one input at its own place: then x is its columns. */
function isPointwise({ kernel, strides, begin, end }: ConvGeometry): boolean {
  return [...kernel, ...strides].every((n) => n === 1) && [...begin, ...end].every((n) => n === 0);
}

function flatFilters(w: Value): Value {
  return reshape(w, [w.dims[0], -1]);
}

/** `[N, C, …]` as `[C, N·P]`. */
function byChannel(x: Value): Value {
  const order = x.dims.map((_, i) => (i < 2 ? 1 - i : i));
  return reshape(transpose(x, order), [x.dims[1], -1]);
}

/** `[C, N·P]` as `[N, C, …]`. */
function byPicture(x: Value, [batch, channels, ...size]: readonly number[]): Value {
  const order = [1, 0, ...size.map((_, i) => i + 2)];
  return transpose(reshape(x, [channels, batch, ...size]), order);
}

/** E `[taps, P, Q]`: one where a tap at output position q sees input position p. */
function placesOf(
  inputShape: readonly number[],
  outputShape: readonly number[],
  { kernel, strides, dilations, begin }: ConvGeometry,
  dtype: DataType,
): Tensor {
  const size = inputShape.slice(2);
  const outputSize = outputShape.slice(2);
  const [inputs, outputs] = [size, outputSize].map((dims) => sizeOf(dims));
  const tapCount = sizeOf(kernel);
  const places = new Float32Array(tapCount * inputs * outputs);
  for (let tap = 0; tap < tapCount; tap++) {
    const at = indices(tap, kernel);
    for (let q = 0; q < outputs; q++) {
      const seen = indices(q, outputSize).map((o, i) => o * strides[i] + at[i] * dilations[i] - begin[i]);
      if (!seen.every((s, i) => s >= 0 && s < size[i])) continue;
      const p = seen.reduce((index, s, i) => index * size[i] + s, 0);
      places[(tap * inputs + p) * outputs + q] = 1;
    }
  }
  return tensor(places, [tapCount, inputs, outputs], dtype);
}

function transposedPlaces({ shape, data, dtype }: Tensor): Tensor {
  const [taps, rows, columns] = shape;
  const turned = Array.from({ length: data.length }, (_, i) => {
    const [tap, column, row] = indices(i, [taps, columns, rows]);
    return Number(data[(tap * rows + row) * columns + column]);
  });
  return tensor(turned, [taps, columns, rows], dtype);
}

/** The index of an element along each dimension. */
function indices(flat: number, dims: readonly number[]): number[] {
  const result = dims.map(() => 0);
  for (let i = dims.length - 1, rest = flat; i >= 0; i--) {
    result[i] = rest % dims[i];
    rest = Math.floor(rest / dims[i]);
  }
  return result;
}
