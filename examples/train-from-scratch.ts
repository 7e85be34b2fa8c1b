/**
 * A classifier of drawn shapes, trained from nothing in under a minute: npx tsx examples/train-from-scratch.ts
 *
 * The net is a graph, its training step is the same graph with gradients and an optimiser, and what is tested in
 * the end is the graph once more, with the trained parameters in it.
 */
import assert from "node:assert/strict";
import {
  compile,
  Graph,
  globalAveragePool,
  Random,
  reduceMean,
  relu,
  reshape,
  tensor,
  type Value,
} from "fovea/graph";
import { adamW, batchNorm, convolution, cosine, dense, Scope, softmaxCrossEntropy } from "fovea/nn";
import { TrainingStep } from "fovea/train";

const [BATCH, SIDE, STEPS, TESTED] = [32, 32, 400, 512];
const inside = [
  (x: number, y: number, r: number) => Math.hypot(x, y) < r, // disc
  (x: number, y: number, r: number) => Math.max(Math.abs(x), Math.abs(y)) < 0.85 * r, // square
  (x: number, y: number, r: number) => y < 0.7 * r && y > 2 * Math.abs(x) - r, // triangle
];

/** Noisy pictures of shapes anywhere, dark on light or light on dark, and their classes one-hot. */
function draw(count: number, seed: number) {
  const random = new Random(seed);
  const labels = Array.from({ length: count }, () => random.integer(inside.length));
  const pixels = labels.flatMap((label) => {
    const [r, sign] = [random.uniform(6, 11), random.chance(0.5) ? 1 : -1];
    const [cx, cy] = [random.uniform(r, SIDE - r), random.uniform(r, SIDE - r)];
    return Array.from({ length: SIDE * SIDE }, (_, i) => {
      const hit = inside[label]((i % SIDE) - cx, Math.floor(i / SIDE) - cy, r);
      return sign * (hit ? 1 : -1) + random.normal(0, 0.5);
    });
  });
  const classes = labels.flatMap((label) => inside.map((_, k) => (k === label ? 1 : 0)));
  return { labels, pictures: tensor(pixels, [count, 1, SIDE, SIDE]), classes: tensor(classes, [count, 3]) };
}

function net(scope: Scope, pictures: Value): Value {
  let x = pictures;
  for (const [i, outChannels] of [16, 32, 64].entries()) {
    const part = scope.at(i);
    x = relu(
      batchNorm(part.at("norm"), convolution(part.at("conv"), x, { outChannels, kernelSize: 5, stride: 2 })),
    );
  }
  return dense(scope.at("head"), reshape(globalAveragePool(x), [x.dims[0], 64]), { outFeatures: 3 });
}

const step = await TrainingStep.compile(
  (scope) => {
    const logits = net(scope, scope.graph.input("pictures", [BATCH, 1, SIDE, SIDE]));
    const classes = scope.graph.input("classes", [BATCH, 3]);
    return { loss: reduceMean(softmaxCrossEntropy(logits, classes), undefined, false) };
  },
  { optimizer: adamW(), weightDecay: 0.01 },
);
const state = step.start();
for (let i = 0; i < STEPS; i++) {
  const { pictures, classes } = draw(BATCH, i);
  const rates = { learningRate: 3e-3 * cosine()(i / STEPS), averageDecay: 0.95 };
  const { loss } = await step.run(state, { pictures, classes }, rates);
  state.advance();
  if (i % 50 === 0) console.log(`step ${i}: loss ${loss.toFixed(3)}`);
}

const graph = new Graph();
const scope = new Scope(graph, { values: state.parameters("average") });
const trained = await compile({
  outputs: { logits: net(scope, graph.input("pictures", [TESTED, 1, SIDE, SIDE])) },
});
const { pictures, labels } = draw(TESTED, 1e6); // shapes that it has never seen
const scores = (await trained.run({ pictures })).logits.data as Float32Array;
const right = labels.filter((label, i) => {
  const row = scores.subarray(3 * i, 3 * i + 3);
  return row.indexOf(Math.max(...row)) === label;
});
console.log(`${((100 * right.length) / TESTED).toFixed(1)} % of ${TESTED} new shapes are recognised`);
assert(right.length / TESTED > 0.95, "the net must recognise more than 95 % of the new shapes");
await Promise.all([step.release(), trained.release()]);
