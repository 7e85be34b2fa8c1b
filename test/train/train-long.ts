// Trains the toy net for 8,000 steps and prints the process's memory (RSS, bytes) after every 1,000 as JSON.

import { adamW } from "../../src/nn/index.ts";
import { startTraining, toyBatch, toyObjective } from "./toy.ts";

const { step, state } = await startTraining(toyObjective, { optimizer: adamW(), threads: 1, clipNorm: 1 });
const memory: number[] = [];
for (let i = 0; i < 8000; i++) {
  await step.run(state, toyBatch(i % 10), { learningRate: 1e-3, averageDecay: 0.99 });
  state.advance();
  if ((i + 1) % 1000 === 0) {
    globalThis.gc!();
    memory.push(process.memoryUsage.rss());
  }
}
console.log(JSON.stringify(memory));
