import { FoveaError, type Tensor, toNumbers } from "../../core/index.ts";
import type { Value } from "../graph.ts";

/** The numbers of a tensor that a shape depends on; throws `shape-unknown` where they come at run time only. */
export function knownNumbers(opType: string, value: Value): readonly number[] {
  const known = knownTensor(value);
  if (known) return toNumbers(known);
  throw new FoveaError(
    "shape-unknown",
    `${opType}: \`${value.name}\`, which decides the result's shape, must be a constant here.`,
  );
}

/**
 * The elements of a tensor, where they follow from constants. Graphs fold integers as they are built, but leave
 * floating-point constants alone, which may be parameters; where a shape depends on them they are none.
 */
export function knownTensor(value: Value): Tensor | undefined {
  return evaluated(value, new Map());
}

/** `done` keeps what is found: one tensor may be read many times. */
function evaluated(value: Value, done: Map<Value, Tensor | undefined>): Tensor | undefined {
  const { constant, producer, dtype, shape } = value;
  const fold = producer?.operator.fold;
  if (constant || !fold) return constant;
  if (done.has(value)) return done.get(value);
  const { inputs, attributes } = producer;
  const given = inputs.filter((input) => input !== undefined);
  const tensors = given.flatMap((input) => evaluated(input, done) ?? []);
  const all = tensors.length === given.length;
  const result = all ? fold({ tensors, inputs, attributes, kind: { dtype, shape } }) : undefined;
  done.set(value, result);
  return result;
}
