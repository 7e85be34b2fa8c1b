import { Random, sizeOf, type Tensor, tensor, toNumbers } from "../../src/core/index.ts";
import { Graph, reduceMean, type Value } from "../../src/graph/index.ts";
import { adam, type ParameterSet, Scope, softmaxCrossEntropy } from "../../src/nn/index.ts";
import { compile } from "../../src/runtime/index.ts";
import { TrainingStep } from "../../src/train/index.ts";

/** A net of inputs `[N, C, …]`. */
export type Build = (scope: Scope, x: Value) => Value;

/** Normal numbers, the same for the same seed. */
export function noise(shape: readonly number[], seed: number): Tensor {
  const random = new Random(seed, 0x5eed);
  return tensor(
    Array.from({ length: sizeOf(shape) }, () => random.normal()),
    shape,
  );
}

/** A net over a new graph: what it gives, and its parameters. */
export function built<T>(
  build: (scope: Scope, x: Value) => T,
  shape: readonly number[],
): { y: T; set: ParameterSet } {
  const graph = new Graph();
  const scope = new Scope(graph);
  return { y: build(scope, graph.input("x", shape)), set: scope.set };
}

/** How many numbers a net learns: all but running statistics. */
export function countLearned({ parameters }: ParameterSet): number {
  return [...parameters.values()]
    .filter(({ role }) => role !== "statistic")
    .reduce((sum, { shape }) => sum + sizeOf(shape), 0);
}

/** A net's answer with its first parameters, as a file would give it. */
export async function forward(
  build: Build,
  shape: readonly number[],
): Promise<{ shape: readonly number[]; values: number[] }> {
  const values = built(build, shape).set.initialValues(1);
  const graph = new Graph();
  const y = build(new Scope(graph, { values }), graph.input("x", shape));
  const program = await compile({ outputs: { y }, threads: 1 });
  const result = await program.run({ x: noise(shape, 2) });
  await program.release();
  return { shape: result.y.shape, values: toNumbers(result.y) };
}

/** The loss of a classifier of 3 classes after `steps` steps on the same 8 examples, whose labels are drawn at random. */
export async function lossAfter(
  build: (scope: Scope, x: Value, classes: number) => Value,
  shape: readonly number[],
  { steps = 30, learningRate = 0.01 } = {},
): Promise<number> {
  const [count, classes] = [8, 3];
  const step = await TrainingStep.compile(
    (scope) => {
      const x = scope.graph.input("x", [count, ...shape]);
      const targets = scope.graph.input("targets", [count, classes]);
      return { loss: reduceMean(softmaxCrossEntropy(build(scope, x, classes), targets), undefined, false) };
    },
    { optimizer: adam(), average: false, threads: 1 },
  );
  const random = new Random(11);
  const targets = tensor(new Float32Array(count * classes), [count, classes]);
  for (let i = 0; i < count; i++) targets.data[i * classes + random.integer(classes)] = 1;
  const batch = { x: noise([count, ...shape], 12), targets };
  const state = step.start(5);
  let loss = Number.NaN;
  for (let i = 0; i <= steps; i++) {
    ({ loss } = await step.run(state, batch, { learningRate, averageDecay: 0 }));
    state.advance();
  }
  await step.release();
  return loss;
}
