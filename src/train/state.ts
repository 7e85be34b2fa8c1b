import { type Tensor, zeros } from "../core/index.ts";
import type { Optimizer } from "../nn/index.ts";
import { type Group, isLearned, packTensors, unpackTensors } from "./layout.ts";

/** The name of a group's buffer: its parameters (`value`), their average, or one of the optimiser's slots. */
export function bufferName(group: Group, part: string): string {
  return `${group.name}/${part}`;
}

/**
 * All that changes from step to step, in two sets of buffers: a step reads one and writes the other, then
 * they change places. A step that went wrong (NaN) is undone by not changing them.
 */
export class TrainingState {
  readonly groups: readonly Group[];
  /** Name of the optimiser whose slots it holds. */
  readonly optimizer: string;
  /** What the run's random numbers depend on. */
  readonly seed: number;
  /** Steps done. */
  step = 0;
  current: Record<string, Tensor>;
  next: Record<string, Tensor>;

  private constructor(
    groups: readonly Group[],
    optimizer: Optimizer,
    current: Record<string, Tensor>,
    seed: number,
  ) {
    this.groups = groups;
    this.optimizer = optimizer.name;
    this.seed = seed;
    this.current = current;
    const fixed = new Set(
      groups.filter(({ role }) => role === "frozen").map((group) => bufferName(group, "value")),
    );
    this.next = Object.fromEntries(
      Object.entries(current).map(
        ([name, value]) => [name, fixed.has(name) ? value : zeros(value.shape)] as const,
      ),
    );
  }

  /** The state before the first step. */
  static start(
    groups: readonly Group[],
    optimizer: Optimizer,
    values: ReadonlyMap<string, Tensor>,
    seed = 0,
  ): TrainingState {
    const buffers = Object.fromEntries(
      TrainingState.shapes(groups, optimizer).map(([name, size]) => [name, zeros([size])] as const),
    );
    for (const group of groups) {
      buffers[bufferName(group, "value")] = packTensors(group, values);
      if (group.averaged) buffers[bufferName(group, "average")] = packTensors(group, values);
    }
    return new TrainingState(groups, optimizer, buffers, seed);
  }

  /** Each buffer's name and number of elements. */
  static shapes(groups: readonly Group[], optimizer: Optimizer): [name: string, size: number][] {
    return groups.flatMap((group) => {
      const average = group.averaged ? ["average"] : [];
      const slots = isLearned(group) ? optimizer.slots : [];
      return ["value", ...average, ...slots].map((part): [string, number] => [
        bufferName(group, part),
        group.size,
      ]);
    });
  }

  /** A state that was saved. */
  static restore(
    groups: readonly Group[],
    optimizer: Optimizer,
    buffers: Record<string, Tensor>,
    step: number,
    seed: number,
  ): TrainingState {
    const state = new TrainingState(groups, optimizer, buffers, seed);
    state.step = step;
    return state;
  }

  /** Takes what the last step wrote. */
  advance(): void {
    [this.current, this.next] = [this.next, this.current];
    this.step++;
  }

  /** Copies of the parameters by name: as they are (`value`), or their moving average where one is kept. */
  parameters(part: "value" | "average"): Map<string, Tensor> {
    return new Map(
      this.groups.flatMap((group) => {
        const held = group.averaged ? part : "value";
        return [...unpackTensors(group, this.current[bufferName(group, held)])];
      }),
    );
  }
}
