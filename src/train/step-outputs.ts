import { grad } from "../autodiff/index.ts";
import {
  add,
  concat,
  div,
  expand,
  type Graph,
  minimum,
  mul,
  Reshape,
  reduceSumSquare,
  reshape,
  split,
  sqrt,
  sub,
  type Value,
} from "../graph/index.ts";
import type { Optimizer, Scope } from "../nn/index.ts";
import type { Accumulation } from "./accumulation.ts";
import { type Group, isLearned } from "./layout.ts";
import { bufferName } from "./state.ts";

/** The number that is 1 where groups of a rate count for the gradient's norm, 0 where they wait. */
export const COUNTS = "counts";

/** The name of a buffer's new content: a graph's inputs and outputs may not share names. */
export function after(name: string): string {
  return `next/${name}`;
}

/** The name of an optimiser's number for the groups of a rate. */
export function scalarName(name: string, rate: number): string {
  return rate === 1 ? name : `${name}×${rate}`;
}

interface UpdateOptions {
  optimizer: Optimizer;
  weightDecay: number;
  clipNorm: number | undefined;
  sums: Accumulation | undefined;
}

/** Appends gradients, the optimiser and the averages; the results bear the buffers' names. */
export function stepOutputs(
  scope: Scope,
  loss: Value,
  groups: readonly Group[],
  { optimizer, weightDecay, clipNorm, sums }: UpdateOptions,
): Record<string, Value> {
  const { graph, set } = scope;
  const averageDecay = graph.input("averageDecay", []);
  const scalars = scalarInputs(graph, optimizer, groups);
  const packed = new Map(groups.map((group) => [group, bindPacked(scope, group)]));
  const learned = groups.filter(isLearned);
  const outputs: Record<string, Value> = {};
  const fresh = packedGradients(scope, loss, learned);
  const collected = sums ? sums.collect(graph, fresh, outputs) : fresh;
  const counts = new Map(
    [...scalars.keys()]
      .filter((rate) => rate !== 1)
      .map((rate) => [rate, graph.input(scalarName(COUNTS, rate), [])]),
  );
  const { gradients, norm } = clipped(
    collected.map((gradient, i) => ({ gradient, counts: counts.get(learned[i].rate) })),
    clipNorm,
  );
  outputs.gradientNorm = norm;
  for (const group of groups) {
    if (group.role === "frozen") continue;
    const name = (part: string) => bufferName(group, part);
    const value = packed.get(group)!;
    let next: Value;
    if (group.role === "statistic") {
      const flat = group.slots.map(({ name, size }) =>
        reshape(set.updates.get(name) ?? set.parameters.get(name)!.value, [size]),
      );
      next = concat(flat, 0);
    } else {
      const update = optimizer.update({
        parameter: value,
        gradient: gradients[learned.indexOf(group)],
        slots: Object.fromEntries(optimizer.slots.map((s) => [s, graph.input(name(s), [group.size])])),
        scalars: scalars.get(group.rate)!,
        weightDecay: group.role === "weight" ? weightDecay : 0,
      });
      next = update.parameter;
      for (const [slot, memory] of Object.entries(update.slots)) outputs[after(name(slot))] = memory;
    }
    outputs[after(name("value"))] = next;
    if (!group.averaged) continue;
    const average = graph.input(name("average"), [group.size]);
    outputs[after(name("average"))] = add(next, mul(sub(average, next), averageDecay));
  }
  return outputs;
}

/** Inputs for the optimiser's numbers, by the groups' rates. */
function scalarInputs(
  graph: Graph,
  optimizer: Optimizer,
  groups: readonly Group[],
): Map<number, Record<string, Value>> {
  const rates = [...new Set(groups.filter(isLearned).map(({ rate }) => rate))];
  const names = Object.keys(optimizer.scalars(1, 0));
  return new Map(
    rates.map((rate) => [
      rate,
      Object.fromEntries(names.map((name) => [name, graph.input(scalarName(name, rate), [])])),
    ]),
  );
}

/** Cuts a group's parameters from one packed input, in the places that the layers hold. */
function bindPacked(scope: Scope, group: Group): Value {
  const { graph, set } = scope;
  const buffer = graph.input(bufferName(group, "value"), [group.size]);
  const sizes = group.slots.map((slot) => slot.size);
  const pieces = sizes.length === 1 ? [buffer] : split(buffer, 0, sizes);
  for (const [i, { name, shape }] of group.slots.entries()) {
    graph.bind(set.parameters.get(name)!.value, Reshape, [pieces[i], graph.integers(shape)]);
  }
  return buffer;
}

/** ∂loss/∂parameter for each group as one packed tensor; zeros where the loss does not depend on one. */
function packedGradients(scope: Scope, loss: Value, groups: readonly Group[]): Value[] {
  const names = groups.flatMap((group) => group.slots.map(({ name }) => name));
  const gradients = grad(
    loss,
    names.map((name) => scope.set.parameters.get(name)!.value),
  );
  const byName = new Map(names.map((name, i) => [name, gradients[i]]));
  return groups.map(({ slots }) => {
    const flat = slots.map(({ name, size }) => {
      const gradient = byName.get(name);
      return gradient ? reshape(gradient, [size]) : expand(reshape(scope.graph.scalar(0), [1]), [size]);
    });
    return flat.length === 1 ? flat[0] : concat(flat, 0);
  });
}

/** Gradients scaled down together where the common norm of those that count exceeds the limit. */
function clipped(
  parts: readonly { gradient: Value; counts: Value | undefined }[],
  limit: number | undefined,
): { gradients: readonly Value[]; norm: Value } {
  const gradients = parts.map(({ gradient }) => gradient);
  const squares = parts.map(({ gradient, counts }) => {
    const square = reduceSumSquare(gradient, undefined, false);
    return counts ? mul(square, counts) : square;
  });
  const norm = sqrt(squares.reduce(add));
  if (limit === undefined) return { gradients, norm };
  const factor = minimum(div(norm.graph.scalar(limit), add(norm, 1e-6)), 1);
  return { gradients: gradients.map((gradient) => mul(gradient, factor)), norm };
}
