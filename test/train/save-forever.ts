// Saves checkpoints to the given path until it is killed, and prints a line for each. Every value of the n-th is n,
// its step too.

import { Graph } from "../../src/graph/index.ts";
import { constant, Scope, sgd } from "../../src/nn/index.ts";
import { packByRole, saveCheckpoint, TrainingState } from "../../src/train/index.ts";

const path = process.argv[2];
const scope = new Scope(new Graph());
scope.parameter("w", [1_000_000], constant(0)); // 12 MB with average and velocity: writing takes a while
const state = TrainingState.start(packByRole(scope.set), sgd(), scope.set.initialValues(0));
for (let step = 1; ; step++) {
  state.step = step;
  for (const { data } of Object.values(state.current)) data.fill(step as never);
  await saveCheckpoint(path, { state, notes: { step } });
  console.log(step);
}
