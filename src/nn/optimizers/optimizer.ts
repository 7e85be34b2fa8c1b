import type { Value } from "../../graph/index.ts";

/** What one update of one packed group of parameters sees. */
export interface UpdateContext {
  readonly parameter: Value;
  readonly gradient: Value;
  /** The optimiser's memory of this group, by slot. */
  readonly slots: Readonly<Record<string, Value>>;
  /** This step's numbers, by name (see {@link Optimizer.scalars}). */
  readonly scalars: Readonly<Record<string, Value>>;
  /** Strength of weight decay for this group; 0 for biases and norms. */
  readonly weightDecay: number;
}

/** What an update leaves behind. */
export interface Update {
  parameter: Value;
  slots: Record<string, Value>;
}

/** An optimiser: nodes that a training step's graph ends with. */
export interface Optimizer {
  readonly name: string;
  /** Tensors of the parameters' size that it remembers between steps, zero at first. */
  readonly slots: readonly string[];
  /** Numbers that change from step to step; `step` counts from 1. */
  scalars(step: number, learningRate: number): Record<string, number>;
  /** Builds the update. */
  update(context: UpdateContext): Update;
}
