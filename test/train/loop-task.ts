import { vi } from "vitest";
import { tensor } from "../../src/core/index.ts";
import { Graph } from "../../src/graph/index.ts";
import { constant, Scope, sgd } from "../../src/nn/index.ts";
import {
  type LoopEvent,
  type LoopNotes,
  type LoopOptions,
  newNotes,
  packByRole,
  runLoop,
  type StepRates,
  TrainingState,
} from "../../src/train/index.ts";

/** Lets the faked clock run. */
export const pass = (milliseconds: number) => vi.advanceTimersByTime(milliseconds);

/** A state of one parameter, w = 0. */
export function newState(): TrainingState {
  const scope = new Scope(new Graph());
  scope.parameter("w", [1], constant(0));
  return TrainingState.start(packByRole(scope.set), sgd(), new Map([["w", tensor([0])]]));
}

/** Parameter w of a state. */
export const weight = (state: TrainingState) => state.current["weight/value"].data[0];

export interface Saved {
  step: number;
  weight: number | bigint;
  notes: LoopNotes;
}

/**
 * A task of 5 steps an epoch of 10 ms each; the loss of step s is s, and step s writes w = s + 1. Evaluations take
 * 20 ms and find the next of the given fitnesses.
 */
export function task(
  options: Partial<LoopOptions> & { fitnesses?: number[]; losses?: (step: number) => number } = {},
) {
  const { fitnesses = [], losses = (step: number) => step, ...rest } = options;
  const state = options.state ?? newState();
  const notes = options.notes ?? newNotes();
  const events: LoopEvent[] = [];
  const saved: Saved[] = [];
  const kept: boolean[] = [];
  const taken: ({ step: number; progress: number } & StepRates)[] = [];
  const evaluated: { at: number; step: number }[] = [];
  const full: LoopOptions = {
    stepsPerEpoch: 5,
    budget: { epochs: 4 },
    learningRate: 0.1,
    async takeStep(step, progress, rates) {
      taken.push({ step, progress, ...rates });
      state.next["weight/value"].data[0] = step + 1;
      pass(10);
      return { loss: losses(step), other: 2 * step };
    },
    async evaluate() {
      evaluated.push({ at: notes.elapsedMs, step: state.step });
      pass(20);
      const fitness = fitnesses[evaluated.length - 1] ?? evaluated.length;
      return { fitness, figures: { quality: fitness } };
    },
    async keep(improved) {
      kept.push(improved);
    },
    async checkpoint() {
      saved.push({ step: state.step, weight: weight(state), notes: structuredClone(notes) });
    },
    onEvent: (event) => events.push(structuredClone(event)),
    ...rest,
    state,
    notes,
  };
  return { run: () => runLoop(full), state, notes, events, saved, kept, taken, evaluated };
}
