import { grad } from "../autodiff/index.ts";
import { type Tensor, tensor } from "../core/index.ts";
import {
  add,
  concat,
  div,
  expand,
  Graph,
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
import { type Optimizer, Scope } from "../nn/index.ts";
import { compile, type DeviceOptions, type Program } from "../runtime/index.ts";
import { type Group, packByRole } from "./layout.ts";
import { bufferName, type TrainingState } from "./state.ts";

/** What a net's builder returns: what to minimise, and what to report besides. */
export interface Objective {
  loss: Value;
  /** Scalars to report after each step, by name. */
  reports?: Readonly<Record<string, Value>>;
}

/** How to make a training step. */
export interface StepOptions extends DeviceOptions {
  optimizer: Optimizer;
  /** Decay of weights per unit of learning rate (AdamW) or as part of the gradient (SGD); default 0. */
  weightDecay?: number;
  /** Largest allowed norm of the whole gradient; default none. */
  clipNorm?: number;
}

/** The numbers of one step. */
export interface StepRates {
  learningRate: number;
  /** Share of the old average that the average of parameters keeps. */
  averageDecay: number;
}

/**
 * One training step as one graph: batch, parameters and the optimiser's state in; loss, updated parameters
 * and state out. Nothing else crosses into JavaScript.
 */
export class TrainingStep {
  readonly groups: readonly Group[];
  readonly #program: Program;
  readonly #optimizer: Optimizer;
  readonly #reports: readonly string[];
  readonly #scalars: Record<string, Tensor> = {};

  private constructor(
    program: Program,
    groups: readonly Group[],
    optimizer: Optimizer,
    reports: readonly string[],
  ) {
    this.#program = program;
    this.groups = groups;
    this.#optimizer = optimizer;
    this.#reports = reports;
  }

  /** Builds and compiles the step of the net that `build` describes. */
  static async compile(build: (scope: Scope) => Objective, options: StepOptions): Promise<TrainingStep> {
    const { optimizer, weightDecay = 0, clipNorm, ...device } = options;
    const graph = new Graph();
    const scope = new Scope(graph, { training: true });
    const { loss, reports = {} } = build(scope);
    const groups = packByRole(scope.set);
    const outputs = stepOutputs(scope, loss, groups, { optimizer, weightDecay, clipNorm });
    const program = await compile({ outputs: { loss, ...reports, ...outputs }, ...device });
    return new TrainingStep(program, groups, optimizer, ["loss", "gradientNorm", ...Object.keys(reports)]);
  }

  /**
   * Takes one step: reads `state.current`, writes `state.next`. The caller looks at the reports and then
   * calls `state.advance()`, or leaves the state as it was.
   */
  async run(
    state: TrainingState,
    batch: Readonly<Record<string, Tensor>>,
    { learningRate, averageDecay }: StepRates,
  ): Promise<Record<string, number>> {
    const scalars = { ...this.#optimizer.scalars(state.step + 1, learningRate), averageDecay };
    const into = Object.fromEntries(Object.entries(state.next).map(([name, t]) => [after(name), t]));
    const results = await this.#program.run(
      { ...state.current, ...batch, ...this.#scalarTensors(scalars) },
      into,
    );
    return Object.fromEntries(this.#reports.map((name) => [name, Number(results[name].data[0])]));
  }

  /** Gives the session's memory back. */
  release(): Promise<void> {
    return this.#program.release();
  }

  #scalarTensors(scalars: Record<string, number>): Record<string, Tensor> {
    for (const [name, value] of Object.entries(scalars)) {
      this.#scalars[name] ??= tensor([0], []);
      this.#scalars[name].data[0] = value;
    }
    return this.#scalars;
  }
}

/** The name of a buffer's new content: a graph's inputs and outputs may not share names. */
function after(name: string): string {
  return `next/${name}`;
}

/** Appends gradients, the optimiser and the averages; the results bear the buffers' names. */
function stepOutputs(
  scope: Scope,
  loss: Value,
  groups: readonly Group[],
  options: { optimizer: Optimizer; weightDecay: number; clipNorm: number | undefined },
): Record<string, Value> {
  const { graph, set } = scope;
  const { optimizer } = options;
  const scalars = Object.fromEntries(
    [...Object.keys(optimizer.scalars(1, 0)), "averageDecay"].map((name) => [name, graph.input(name, [])]),
  );
  const packed = new Map(groups.map((group) => [group, bindPacked(scope, group)]));
  const learned = groups.filter((group) => group.role !== "statistic");
  const { gradients, norm } = clipped(packedGradients(scope, loss, learned), options.clipNorm);
  const outputs: Record<string, Value> = { gradientNorm: norm };
  for (const group of groups) {
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
        scalars,
        weightDecay: group.role === "weight" ? options.weightDecay : 0,
      });
      next = update.parameter;
      for (const [slot, memory] of Object.entries(update.slots)) outputs[after(name(slot))] = memory;
    }
    const average = graph.input(name("average"), [group.size]);
    outputs[after(name("value"))] = next;
    outputs[after(name("average"))] = add(next, mul(sub(average, next), scalars.averageDecay));
  }
  return outputs;
}

/** Cuts a group's parameters from one packed input, in the places that the layers hold. */
function bindPacked(scope: Scope, group: Group): Value {
  const { graph, set } = scope;
  const buffer = graph.input(bufferName(group, "value"), [group.size]);
  const pieces = split(
    buffer,
    0,
    group.slots.map((slot) => slot.size),
  );
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
    return concat(flat, 0);
  });
}

/** Gradients scaled down together where their common norm exceeds the limit. */
function clipped(
  gradients: readonly Value[],
  limit: number | undefined,
): { gradients: readonly Value[]; norm: Value } {
  const squares = gradients.map((gradient) => reduceSumSquare(gradient, undefined, false));
  const norm = sqrt(squares.reduce(add));
  if (limit === undefined) return { gradients, norm };
  const factor = minimum(div(norm.graph.scalar(limit), add(norm, 1e-6)), 1);
  return { gradients: gradients.map((gradient) => mul(gradient, factor)), norm };
}
