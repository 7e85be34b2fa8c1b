// Trains the toy net in a worker thread and posts the course of its loss.

import { parentPort } from "node:worker_threads";
import { adamW } from "../../src/nn/index.ts";
import { startTraining, toyBatch, toyObjective } from "../train/toy.ts";

const { step, state } = await startTraining(toyObjective, { optimizer: adamW(), threads: 1 });
const losses: number[] = [];
for (let i = 0; i < 300; i++) {
  const { loss } = await step.run(state, toyBatch(i % 10), { learningRate: 1e-3, averageDecay: 0.99 });
  state.advance();
  losses.push(loss);
}
await step.release();
parentPort!.postMessage(losses);
