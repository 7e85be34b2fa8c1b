import { FoveaError } from "../../../core/index.ts";
import type { Graph, Value } from "../../../graph/index.ts";
import type { TfAttributes } from "../nodes.ts";
import { TfTensor } from "../tf-tensor.ts";

/** A node on its way into an ONNX graph. */
export interface Conversion {
  graph: Graph;
  op: string;
  name: string;
  inputs: readonly TfTensor[];
  attributes: TfAttributes;
}

/** Makes a node's outputs of its inputs. */
export type Converter = (conversion: Conversion) => readonly TfTensor[];

/** Where an axis of `[N, H, W, C]` lies in `[N, C, H, W]`. */
const CHANNELS_FIRST_AXIS = [0, 2, 3, 1];

/** An axis counted from either end, as a place from the start. */
export function axisFrom(axis: number, rank: number): number {
  return axis < 0 ? axis + rank : axis;
}

/**
 * Applies what treats axes alike to a tensor in the order in which it is kept; `axes` are TensorFlow's, and are given
 * as those of the value.
 */
export function alongAxes(
  x: TfTensor,
  axes: readonly number[],
  apply: (value: Value, axes: readonly number[]) => Value,
): TfTensor {
  const places = axes.map((axis) => axisFrom(axis, x.rank));
  if (!x.isChannelsFirst) return TfTensor.plain(apply(x.plain, places));
  return TfTensor.channelsFirst(
    apply(
      x.first,
      places.map((axis) => CHANNELS_FIRST_AXIS[axis]),
    ),
  );
}

/** One number for each axis of `[N, H, W, C]`, in the order in which the tensor is kept. */
export function perAxis<T>(x: TfTensor, list: readonly T[]): T[] {
  return x.isChannelsFirst ? [0, 3, 1, 2].map((axis) => list[axis]) : [...list];
}

/** A tensor kept as `x` is. */
export function keptAs(x: TfTensor, value: Value): TfTensor {
  return x.isChannelsFirst ? TfTensor.channelsFirst(value) : TfTensor.plain(value);
}

/** Applies an elementwise function of one tensor. */
export function elementwise(x: TfTensor, apply: (value: Value) => Value): TfTensor {
  return keptAs(x, apply(x.isChannelsFirst ? x.first : x.plain));
}

/** The value in the order in which it is kept. */
export function keptValue(x: TfTensor): Value {
  return x.isChannelsFirst ? x.first : x.plain;
}

export function unsupported({ op, name }: Pick<Conversion, "op" | "name">, what: string): FoveaError {
  return new FoveaError("operator-unsupported", `${op} (node \`${name}\`): ${what} is not supported.`);
}
