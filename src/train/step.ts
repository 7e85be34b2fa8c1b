import { FoveaError, Random, requireRange, requireWhole, type Tensor, tensor } from "../core/index.ts";
import { Graph, type Value } from "../graph/index.ts";
import { type Optimizer, type ParameterSet, requireFloat32, Scope, STEP_RANDOM } from "../nn/index.ts";
import { compile, type DeviceOptions, type Program } from "../runtime/index.ts";
import { Accumulation } from "./accumulation.ts";
import { type Group, isLearned, packByRole } from "./layout.ts";
import { TrainingState } from "./state.ts";
import { after, COUNTS, scalarName, stepOutputs } from "./step-outputs.ts";

/** What a net's builder returns: what to minimise, and what to report besides. */
export interface Objective {
  loss: Value;
  /** Scalars to report after each step, by name. */
  reports?: Readonly<Record<string, Value>>;
}

/** How to make a training step. */
export interface StepOptions extends DeviceOptions {
  optimizer: Optimizer;
  /** Decay of weights per unit of learning rate (AdamW) or as part of the gradient (the others); default 0. */
  weightDecay?: number;
  /** Largest allowed norm of the whole gradient; default none. */
  clipNorm?: number;
  /** Keeps a moving average of the parameters; default true. */
  average?: boolean;
  /**
   * Batches whose mean gradient makes one step, for steps of more pictures than memory holds at once; default 1.
   * Running statistics follow the last of them.
   */
  accumulation?: number;
}

/** The numbers of one step. */
export interface StepRates {
  learningRate: number;
  /** Share of the old average that the average of parameters keeps. */
  averageDecay: number;
  /** Whether only what learns at full rate does, and places with a rate of their own wait. */
  newPartsOnly?: boolean;
}

/** A step's feeds by name. */
export type Batch = Readonly<Record<string, Tensor>>;

/** What every step reports. */
const OWN_REPORTS = ["loss", "gradientNorm"] as const;

/**
 * One training step as one graph: batch, parameters and the optimiser's state in; loss, updated parameters
 * and state out. Nothing else crosses into JavaScript.
 */
export class TrainingStep {
  readonly groups: readonly Group[];
  readonly #program: Program;
  readonly #optimizer: Optimizer;
  readonly #reports: readonly string[];
  readonly #accumulation: Accumulation | undefined;
  readonly #parameters: ParameterSet;
  readonly #scalars: Record<string, Tensor> = {};

  private constructor(
    program: Program,
    parameters: ParameterSet,
    groups: readonly Group[],
    optimizer: Optimizer,
    reports: readonly string[],
    accumulation: Accumulation | undefined,
  ) {
    this.#program = program;
    this.#parameters = parameters;
    this.groups = groups;
    this.#optimizer = optimizer;
    this.#reports = reports;
    this.#accumulation = accumulation;
  }

  /**
   * Builds and compiles the step of the net that `build` describes.
   * @throws FoveaError `argument-range`, `name-taken`, `nothing-to-learn`
   */
  static async compile(build: (scope: Scope) => Objective, options: StepOptions): Promise<TrainingStep> {
    const { optimizer, weightDecay = 0, clipNorm, average, accumulation = 1, ...device } = options;
    requireWhole("TrainingStep", "accumulation", accumulation, 1);
    const isDecay = weightDecay >= 0 && Number.isFinite(weightDecay);
    requireRange("TrainingStep", "weightDecay", weightDecay, isDecay, "a number ≥ 0");
    if (clipNorm !== undefined) {
      requireRange("TrainingStep", "clipNorm", clipNorm, clipNorm > 0, "a number > 0, or left out");
    }
    const graph = new Graph();
    const scope = new Scope(graph, { training: true });
    const { loss, reports = {} } = build(scope);
    for (const name of OWN_REPORTS) {
      if (!(name in reports)) continue;
      throw new FoveaError(
        "name-taken",
        `TrainingStep: report \`${name}\` bears the name of one that every step has; name it differently.`,
      );
    }
    const groups = packByRole(scope.set, average);
    if (!groups.some(isLearned)) {
      throw new FoveaError(
        "nothing-to-learn",
        "TrainingStep: the net has no parameter that is learned; leave at least one place that is not frozen.",
      );
    }
    const sums = accumulation > 1 ? new Accumulation(groups.filter(isLearned), accumulation) : undefined;
    const outputs = stepOutputs(scope, loss, groups, { optimizer, weightDecay, clipNorm, sums });
    const program = await compile({ outputs: { loss, ...reports, ...outputs }, ...device });
    const names = [...OWN_REPORTS, ...Object.keys(reports)];
    return new TrainingStep(program, scope.set, groups, optimizer, names, sums);
  }

  /**
   * The state before the first step: every parameter as its initialiser draws it by `seed`, except for those whose
   * values are given by name. Layers that act at random draw by `seed`, too.
   *
   * @throws `parameter-unknown` for a name that the net does not have, or a value of another shape;
   *   `parameter-type` for one that is not float32
   */
  start(seed = 0, values: ReadonlyMap<string, Tensor> = new Map()): TrainingState {
    for (const [name, { shape, dtype }] of values) {
      requireFloat32(name, dtype);
      const parameter = this.#parameters.parameters.get(name);
      if (!parameter || `${parameter.shape}` !== `${shape}`) {
        throw new FoveaError(
          "parameter-unknown",
          `TrainingStep: \`${name}\` [${shape}] is ${parameter ? `[${parameter.shape}] in` : "no parameter of"} this net; give values of the same net.`,
        );
      }
    }
    const drawn = this.#parameters.initialValues(seed);
    return TrainingState.start(this.groups, this.#optimizer, new Map([...drawn, ...values]), seed);
  }

  /**
   * Takes one step: reads `state.current`, writes `state.next`. The caller looks at the reports and then
   * calls `state.advance()`, or leaves the state as it was.
   *
   * @param batch The feeds; with `accumulation` n a list of n, whose mean loss and reports come back.
   */
  async run(
    state: TrainingState,
    batch: Batch | readonly Batch[],
    { learningRate, averageDecay, newPartsOnly = false }: StepRates,
  ): Promise<Record<string, number>> {
    const batches = Array.isArray(batch) ? (batch as readonly Batch[]) : [batch as Batch];
    const count = this.#accumulation?.count ?? 1;
    if (batches.length !== count) {
      throw new FoveaError(
        "argument-count",
        `TrainingStep: a step takes ${count} batches here, not ${batches.length}.`,
      );
    }
    const scalars: Record<string, number> = {};
    if (this.groups.some(({ averaged }) => averaged)) scalars.averageDecay = averageDecay;
    for (const { rate } of this.groups.filter(isLearned)) {
      const factor = newPartsOnly && rate !== 1 ? 0 : rate;
      const numbers = this.#optimizer.scalars(state.step + 1, learningRate * factor);
      for (const [name, value] of Object.entries(numbers)) scalars[scalarName(name, rate)] = value;
      if (rate !== 1) scalars[scalarName(COUNTS, rate)] = factor === 0 ? 0 : 1;
    }
    const into = Object.fromEntries(
      Object.entries(state.next)
        .filter(([name, value]) => value !== state.current[name])
        .map(([name, value]) => [after(name), value]),
    );
    const means: Record<string, number> = {};
    for (const [i, feeds] of batches.entries()) {
      const part = this.#accumulation?.part(i);
      const results = await this.#program.run(
        {
          ...state.current,
          ...feeds,
          ...part?.feeds,
          ...this.#scalarTensors(scalars),
          ...this.#randomNumbers(state, i),
        },
        { ...into, ...part?.into },
      );
      for (const name of this.#reports) {
        const value = Number(results[name].data[0]);
        means[name] = name === "gradientNorm" ? value : (means[name] ?? 0) + value / count;
      }
    }
    return means;
  }

  /** Gives the session's memory back. */
  release(): Promise<void> {
    return this.#program.release();
  }

  /** What layers that act at random do in batch `index` of the state's next step. */
  #randomNumbers({ seed, step }: TrainingState, index: number): Record<string, Tensor> {
    if (!this.#parameters.random) return {};
    const random = new Random(seed, step, 0x57e9, index);
    return { [STEP_RANDOM]: tensor([random.uniform(2048, 4096), random.uniform(2048, 4096)]) };
  }

  #scalarTensors(scalars: Record<string, number>): Record<string, Tensor> {
    for (const [name, value] of Object.entries(scalars)) {
      this.#scalars[name] ??= tensor([0], []);
      this.#scalars[name].data[0] = value;
    }
    return this.#scalars;
  }
}
