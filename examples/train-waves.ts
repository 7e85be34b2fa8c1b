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
import { adamW, convolution, dense, Scope, softmaxCrossEntropy } from "fovea/nn";
import { TrainingStep } from "fovea/train";

/** Noisy waves, slow or fast, and their classes one-hot. */
function draw(random: Random) {
  const slow = Array.from({ length: 32 }, () => random.integer(2));
  const waves = slow.flatMap((k) =>
    Array.from({ length: 40 }, (_, t) => Math.sin(t / (1 + k)) + random.normal(0, 0.5)),
  );
  const classes = tensor(
    slow.flatMap((k) => [1 - k, k]),
    [32, 2],
  );
  return { slow, x: tensor(waves, [32, 1, 40]), classes };
}

function net(scope: Scope, x: Value): Value {
  const y = relu(convolution(scope.at("a"), x, { outChannels: 16, kernelSize: 9, bias: true })); // [32, 16, 40]
  return dense(scope.at("b"), reshape(globalAveragePool(y), [32, 16]), { outFeatures: 2 }); // [32, 2]
}

const step = await TrainingStep.compile(
  (scope) => {
    const logits = net(scope, scope.graph.input("x", [32, 1, 40]));
    const loss = softmaxCrossEntropy(logits, scope.graph.input("classes", [32, 2]));
    return { loss: reduceMean(loss, undefined, false) };
  },
  { optimizer: adamW() },
);
const random = new Random(1);
const state = step.start(1); // parameters as seed 1 draws them
for (let i = 0; i < 200; i++) {
  const { x, classes } = draw(random);
  await step.run(state, { x, classes }, { learningRate: 0.02, averageDecay: 0.9 });
  state.advance(); // without it, the step was never taken
}

const scope = new Scope(new Graph(), { values: state.parameters("average") }); // the same net, trained
const program = await compile({ outputs: { logits: net(scope, scope.graph.input("x", [32, 1, 40])) } });
const { slow, x } = draw(random);
const { data } = (await program.run({ x })).logits;
const right = slow.filter((k, i) => (data[2 * i + 1]! > data[2 * i]! ? 1 : 0) === k).length;
console.log(`${right} of ${slow.length} new waves are recognised`);
assert(right >= 30, "at least 30 of 32 new waves must be recognised");
await Promise.all([step.release(), program.release()]);
