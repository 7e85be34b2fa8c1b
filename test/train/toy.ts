import { Random, type Tensor, tensor } from "../../src/core/index.ts";
import { mul, reduceMean, relu, sub } from "../../src/graph/index.ts";
import { batchNorm, convolution, type Optimizer, type Scope } from "../../src/nn/index.ts";
import { type Objective, type StepOptions, type TrainingState, TrainingStep } from "../../src/train/index.ts";

const [BATCH, CHANNELS, LENGTH] = [8, 2, 16];

/** A small net over sequences, with weights, gains and running statistics, that is to sum its two channels. */
export function toyObjective(scope: Scope): Objective {
  const x = scope.graph.input("x", [BATCH, CHANNELS, LENGTH]);
  const wanted = scope.graph.input("wanted", [BATCH, 1, LENGTH]);
  const a = convolution(scope.at("a"), x, { outChannels: 8, kernelSize: 3 });
  const b = relu(batchNorm(scope.at("b"), a));
  const y = convolution(scope.at("c"), b, { outChannels: 1, kernelSize: 1, bias: true });
  const error = sub(y, wanted);
  const loss = reduceMean(mul(error, error), undefined, false);
  return { loss, reports: { bias: reduceMean(error, undefined, false) } };
}

/** The batch of a step: the same whenever it is asked for. */
export function toyBatch(step: number): Record<string, Tensor> {
  const random = new Random(77, step);
  const x = Array.from({ length: BATCH * CHANNELS * LENGTH }, () => random.normal());
  const wanted = Array.from({ length: BATCH * LENGTH }, (_, i) => {
    const at = Math.floor(i / LENGTH) * CHANNELS * LENGTH + (i % LENGTH);
    return x[at] + x[at + LENGTH];
  });
  return { x: tensor(x, [BATCH, CHANNELS, LENGTH]), wanted: tensor(wanted, [BATCH, 1, LENGTH]) };
}

/** Compiles a net's training step and makes the state before its first step. */
export async function startTraining(
  build: (scope: Scope) => Objective,
  options: StepOptions,
): Promise<{ step: TrainingStep; state: TrainingState; optimizer: Optimizer }> {
  const step = await TrainingStep.compile(build, options);
  return { step, state: step.start(5), optimizer: options.optimizer };
}
