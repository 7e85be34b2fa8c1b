import { FoveaError, halfBits, halfValue, type Tensor } from "../../core/index.ts";
import type { Value } from "../graph.ts";
import { cast } from "../ops/index.ts";
import { copyGraph, type GraphCopy } from "./copy.ts";
import { toFloat16 } from "./float16.ts";

/** Makes named inputs constants: a trained net that can be shipped. Throws `parameter-shape` where one does not fit. */
export function freeze<Name extends string>(
  outputs: Readonly<Record<Name, Value>>,
  values: ReadonlyMap<Value, Tensor>,
): GraphCopy<Name> {
  const [output] = Object.values<Value>(outputs);
  const frozen = copyGraph({});
  const replaced = new Map(
    [...values].map(([input, data]) => {
      if (
        input.graph !== output.graph ||
        `${data.shape}` !== `${input.shape}` ||
        data.dtype !== input.dtype
      ) {
        throw new FoveaError(
          "parameter-shape",
          `freeze: \`${input.name}\` is ${input.dtype} [${input.shape}], its value ${data.dtype} [${data.shape}]; give an input of this graph a tensor like it.`,
        );
      }
      return [input, frozen.graph.constant(data, input.name)];
    }),
  );
  return copyGraph(outputs, { into: frozen.graph, replaced });
}

/** Makes constants inputs of the same names, to be trained or fed: the opposite of {@link freeze}. */
export function thaw<Name extends string>(
  outputs: Readonly<Record<Name, Value>>,
  constants: readonly Value[],
): GraphCopy<Name> & { values: Map<Value, Tensor> } {
  const chosen = new Set(constants);
  const values = new Map<Value, Tensor>();
  const copy = copyGraph(outputs, {
    constant(value, graph) {
      if (!chosen.has(value)) return undefined;
      const input = graph.input(value.name, value.shape, value.dtype);
      values.set(input, value.constant!);
      return input;
    },
  });
  return { ...copy, values };
}

/** What rounding to half precision may move an element by: weights are small, but places in a picture are not. */
const MOST_ROUNDED = 1 / 64;

/**
 * Stores float32 constants of at least `minimum` elements as float16, turned back where they are used: half the
 * file, the arithmetic as before, parameters rounded to 11 bits. A constant with a number that this would move by more
 * than 1/64 stays as it is: pixel positions beyond 1024, or numbers too large for float16.
 */
export function storeAsFloat16<Name extends string>(
  outputs: Readonly<Record<Name, Value>>,
  minimum = 64,
): GraphCopy<Name> {
  return copyGraph(outputs, {
    constant(value, graph) {
      const { dtype, data } = value.constant!;
      if (dtype !== "float32" || data.length < minimum) return undefined;
      if (!(data as Float32Array).every(isNearHalf)) return undefined;
      return cast(graph.constant(toFloat16(value.constant!), value.name), "float32");
    },
  });
}

function isNearHalf(element: number): boolean {
  return Number.isNaN(element) || Math.abs(halfValue(halfBits(element)) - element) <= MOST_ROUNDED;
}
