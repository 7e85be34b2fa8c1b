/**
 * A training step of a net for sequences in Fovea and in TensorFlow.js, the one JavaScript library whose CPU back
 * end has all the gradients: `npm ci --prefix bench/javascript`, then
 * `npx tsx bench/javascript-peer.ts [--batch 1] [--length 140] [--steps 2] [--threads 2] [--json]`.
 */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { median, Random, tensor } from "../src/core/index.ts";
import { reduceMean } from "../src/graph/index.ts";
import { sgd, softmaxCrossEntropy } from "../src/nn/index.ts";
import { TrainingStep } from "../src/train/index.ts";
import { benchNets } from "./nets.ts";

const { values: flags } = parseArgs({
  options: {
    batch: { type: "string", default: "1" },
    length: { type: "string", default: "140" },
    steps: { type: "string", default: "2" },
    threads: { type: "string", default: "2" },
    json: { type: "boolean", default: false },
  },
});
const [batch, length, steps, threads] = [flags.batch, flags.length, flags.steps, flags.threads].map(Number);
const folder = fileURLToPath(new URL("./javascript/", import.meta.url));
if (!existsSync(`${folder}node_modules`)) {
  console.error("No peer: install it with `npm ci --prefix bench/javascript`.");
  process.exit(1);
}

/** Milliseconds of a step in Fovea, once it is warm. */
async function foveaStep(): Promise<number> {
  const net = benchNets.find(({ name }) => name.startsWith("FCN"))!;
  const shape = [batch, 1, length];
  const step = await TrainingStep.compile(
    (scope) => {
      const logits = net.build(scope, scope.graph.input("x", shape));
      const loss = softmaxCrossEntropy(logits, scope.graph.input("classes", [batch, net.classes]));
      return { loss: reduceMean(loss, undefined, false) };
    },
    { optimizer: sgd(), average: false, threads },
  );
  const random = new Random(1);
  const state = step.start(1);
  const feeds = {
    x: tensor(
      Array.from({ length: batch * length }, () => random.normal()),
      shape,
    ),
    classes: tensor(
      Array.from({ length: batch * 2 }, (_, i) => ((i >> 1) % 2 === i % 2 ? 1 : 0)),
      [batch, 2],
    ),
  };
  const milliseconds: number[] = [];
  for (let i = 0; i < 60; i++) {
    const start = performance.now();
    await step.run(state, feeds, { learningRate: 0.01, averageDecay: 0 });
    state.advance();
    if (i >= 10) milliseconds.push(performance.now() - start);
  }
  await step.release();
  return median(milliseconds);
}

/** Milliseconds of a step in TensorFlow.js, in a process of its own. */
function tensorFlowStep(): number {
  const run = spawnSync(process.execPath, ["fcn.mjs", `${batch}`, `${length}`, `${steps}`], {
    cwd: folder,
    encoding: "utf8",
  });
  if (run.status !== 0) throw new Error(`TensorFlow.js failed: ${run.stderr}`);
  return median(JSON.parse(run.stdout.trim().split("\n").at(-1)!));
}

const [fovea, peer] = [await foveaStep(), tensorFlowStep()];
if (flags.json)
  console.log(JSON.stringify({ batch, length, threads, fovea, tensorFlow: peer, ratio: peer / fovea }));
else {
  console.log(
    `FCN, ${batch} × ${length}: Fovea ${fovea.toFixed(1)} ms, TensorFlow.js ${(peer / 1000).toFixed(1)} s a step, ratio ${(peer / fovea).toFixed(0)}`,
  );
}
