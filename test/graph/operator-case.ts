import { isFloat, Random, sizeOf, type Tensor, tensor } from "../../src/core/index.ts";
import { add, Graph, mul, reduceSum, type Value } from "../../src/graph/index.ts";
import { type Draw, drawTensor } from "./draw.ts";

/** One use of an operator: what goes in, and how it is applied. */
export interface OperatorCase {
  readonly name: string;
  readonly inputs: Readonly<Record<string, Draw>>;
  build(inputs: Readonly<Record<string, Value>>): Value | readonly Value[];
}

/** A case as a graph with values for its inputs. */
export interface Instance {
  readonly name: string;
  readonly graph: Graph;
  readonly inputs: Readonly<Record<string, Value>>;
  readonly feeds: Readonly<Record<string, Tensor>>;
  /** Names of the inputs whose gradients are checked. */
  readonly differentiated: readonly string[];
  readonly outputs: readonly Value[];
  /** For each output the weights of its elements in the loss; undefined where it has no part in one. */
  readonly weights: readonly (Tensor | undefined)[];
}

/** Builds a case. Its random numbers depend on nothing but its name. */
export function instantiate({ name, inputs: draws, build }: OperatorCase): Instance {
  const random = new Random(...Array.from(name, (letter) => letter.codePointAt(0)!));
  const graph = new Graph();
  const entries = Object.entries(draws);
  const inputs = Object.fromEntries(
    entries.map(([key, { shape, dtype }]) => [key, graph.input(key, shape, dtype)]),
  );
  const feeds = Object.fromEntries(entries.map(([key, input]) => [key, drawTensor(input, random)]));
  const built = build(inputs);
  const outputs = Array.isArray(built) ? (built as readonly Value[]) : [built as Value];
  const differentiated = entries.filter(([, input]) => input.differentiated).map(([key]) => key);
  const weights = outputs.map((output) =>
    differentiated.length > 0 && isFloat(output.dtype) ? drawWeights(output, random) : undefined,
  );
  return { name, graph, inputs, feeds, differentiated, outputs, weights };
}

/** Numbers in ±[0.5, 1.5): none of them hides its element. */
function drawWeights(output: Value, random: Random): Tensor {
  const values = Array.from(
    { length: sizeOf(output.dims) },
    () => random.uniform(0.5, 1.5) * (random.chance(0.5) ? 1 : -1),
  );
  return tensor(values, output.dims);
}

/** The loss of a case as part of its graph: Σ output · weights. */
export function weightedSum({ graph, outputs, weights }: Instance): Value {
  const terms = outputs.flatMap((output, i) => {
    const weight = weights[i];
    return weight ? [reduceSum(mul(output, graph.constant(weight)), undefined, false)] : [];
  });
  return terms.reduce((a, b) => add(a, b));
}

/** The same loss in double precision, from outputs that have been computed. */
export function weightedSumOf(results: readonly Tensor[], weights: readonly (Tensor | undefined)[]): number {
  let sum = 0;
  for (const [i, weight] of weights.entries()) {
    if (!weight) continue;
    for (let j = 0; j < weight.data.length; j++) sum += Number(weight.data[j]) * Number(results[i].data[j]);
  }
  return sum;
}
