import type { Tensor } from "../core/index.ts";
import type { Scope } from "../nn/index.ts";
import {
  type Objective,
  type StepOptions,
  type StepRates,
  type TrainingState,
  TrainingStep,
} from "../train/index.ts";

/** What a net minimises for a batch whose examples have this shape. */
export type SizedObjective = (scope: Scope, shape: readonly number[]) => Objective;

/**
 * A net's training step for examples of several sizes, one after the other. One of them is compiled at a time: they come
 * in phases, and a program that waits would only hold memory.
 */
export class SizedStep {
  readonly #build: SizedObjective;
  readonly #options: StepOptions;
  #shape: readonly number[];
  #step: TrainingStep;

  private constructor(
    build: SizedObjective,
    options: StepOptions,
    shape: readonly number[],
    step: TrainingStep,
  ) {
    this.#build = build;
    this.#options = options;
    this.#shape = shape;
    this.#step = step;
  }

  /** Builds and compiles the step for examples of `shape`, the first that are to come. */
  static async compile(
    build: SizedObjective,
    shape: readonly number[],
    options: StepOptions,
  ): Promise<SizedStep> {
    const step = await TrainingStep.compile((scope) => build(scope, shape), options);
    return new SizedStep(build, options, shape, step);
  }

  /** The step that is compiled; the parameters are the same for all sizes. */
  get current(): TrainingStep {
    return this.#step;
  }

  /** Takes one step with examples of `shape`, see {@link TrainingStep.run}. */
  async run(
    shape: readonly number[],
    state: TrainingState,
    batch: Readonly<Record<string, Tensor>>,
    rates: StepRates,
  ): Promise<Record<string, number>> {
    if (`${shape}` !== `${this.#shape}`) {
      await this.#step.release();
      this.#step = await TrainingStep.compile((scope) => this.#build(scope, shape), this.#options);
      this.#shape = shape;
    }
    return this.#step.run(state, batch, rates);
  }

  release(): Promise<void> {
    return this.#step.release();
  }
}
