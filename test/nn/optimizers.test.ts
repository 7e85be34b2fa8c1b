import { describe, it } from "vitest";
import { Random } from "../../src/core/index.ts";
import { Graph, type Value } from "../../src/graph/index.ts";
import { adam, adamW, type Optimizer, rmsprop, sgd } from "../../src/nn/index.ts";
import { evaluate } from "../autodiff/evaluate.ts";
import { expectClose } from "../graph/closeness.ts";

const SIZE = 7;
const random = new Random(3);
const draw = () => Array.from({ length: SIZE }, () => random.normal());
const first = draw();
/** A gradient and a learning rate for each of several steps. */
const steps = Array.from({ length: 6 }, (_, i) => ({ gradient: draw(), learningRate: 0.1 / (i + 1) }));

/** The parameters after each step, by the optimiser's graph. */
async function byGraph(optimizer: Optimizer, weightDecay: number): Promise<number[][]> {
  let parameter = first;
  let slots: Record<string, number[]> = Object.fromEntries(
    optimizer.slots.map((slot) => [slot, new Array(SIZE).fill(0)]),
  );
  const history: number[][] = [];
  for (const [i, { gradient, learningRate }] of steps.entries()) {
    const graph = new Graph();
    const inputs = (names: readonly string[], shape: number[]): Record<string, Value> =>
      Object.fromEntries(names.map((name) => [name, graph.input(name, shape)]));
    const numbers = optimizer.scalars(i + 1, learningRate);
    const update = optimizer.update({
      ...(inputs(["parameter", "gradient"], [SIZE]) as { parameter: Value; gradient: Value }),
      slots: inputs(optimizer.slots, [SIZE]),
      scalars: inputs(Object.keys(numbers), []),
      weightDecay,
    });
    const feeds = Object.fromEntries(Object.entries(numbers).map(([name, value]) => [name, [value]]));
    const named = Object.fromEntries(
      Object.entries(update.slots).map(([slot, value]) => [`next ${slot}`, value]),
    );
    const results = await evaluate(
      { "next parameter": update.parameter, ...named },
      { parameter, gradient, ...slots, ...feeds },
    );
    parameter = results["next parameter"];
    slots = Object.fromEntries(optimizer.slots.map((slot) => [slot, results[`next ${slot}`]]));
    history.push(parameter);
  }
  return history;
}

/** The parameters after each step of a rule for one number at a time. */
function byRule<Memory>(
  memory: () => Memory,
  rule: (w: number, g: number, memory: Memory, learningRate: number, step: number) => number,
): number[][] {
  const memories = first.map(memory);
  let parameter = first;
  return steps.map(({ gradient, learningRate }, i) => {
    parameter = parameter.map((w, k) => rule(w, gradient[k], memories[k], learningRate, i + 1));
    return parameter;
  });
}

async function expectRule(optimizer: Optimizer, weightDecay: number, expected: number[][]) {
  const actual = await byGraph(optimizer, weightDecay);
  for (const [i, parameters] of expected.entries()) {
    expectClose(
      actual[i],
      parameters,
      { relative: 1e-5, ofLargest: 1e-6 },
      `${optimizer.name}, step ${i + 1}`,
    );
  }
}

describe.each([0, 0.04])("with weight decay %d", (decay) => {
  it("SGD without momentum", () =>
    expectRule(
      sgd({ momentum: 0 }),
      decay,
      byRule(
        () => ({}),
        (w, g, _, rate) => w - rate * (g + decay * w),
      ),
    ));

  it("SGD with momentum", () =>
    expectRule(
      sgd({ momentum: 0.8 }),
      decay,
      byRule(
        () => ({ v: 0 }),
        (w, g, memory, rate) => {
          memory.v = 0.8 * memory.v + g + decay * w;
          return w - rate * memory.v;
        },
      ),
    ));

  it("SGD with Nesterov's momentum", () =>
    expectRule(
      sgd({ momentum: 0.8, nesterov: true }),
      decay,
      byRule(
        () => ({ v: 0 }),
        (w, g, memory, rate) => {
          const slope = g + decay * w;
          memory.v = 0.8 * memory.v + slope;
          return w - rate * (slope + 0.8 * memory.v);
        },
      ),
    ));

  it.each([
    { beta1: 0.9, beta2: 0.999, epsilon: 1e-8 },
    { beta1: 0.5, beta2: 0.9, epsilon: 0.1 },
  ])("AdamW $beta1 $beta2 $epsilon", ({ beta1, beta2, epsilon }) =>
    expectRule(
      adamW({ beta1, beta2, epsilon }),
      decay,
      byRule(
        () => ({ m: 0, v: 0 }),
        (w, g, memory, rate, step) => {
          memory.m = beta1 * memory.m + (1 - beta1) * g;
          memory.v = beta2 * memory.v + (1 - beta2) * g * g;
          const mean = memory.m / (1 - beta1 ** step);
          const square = memory.v / (1 - beta2 ** step);
          return w - rate * decay * w - (rate * mean) / (Math.sqrt(square) + epsilon);
        },
      ),
    ));

  it("Adam, its decay part of the gradient", () =>
    expectRule(
      adam({ beta1: 0.8, beta2: 0.95 }),
      decay,
      byRule(
        () => ({ m: 0, v: 0 }),
        (w, g, memory, rate, step) => {
          const slope = g + decay * w;
          memory.m = 0.8 * memory.m + 0.2 * slope;
          memory.v = 0.95 * memory.v + 0.05 * slope * slope;
          const root = Math.sqrt(memory.v / (1 - 0.95 ** step));
          return w - (rate * memory.m) / (1 - 0.8 ** step) / (root + 1e-8);
        },
      ),
    ));

  it.each([0, 0.7])("RMSprop with momentum %d", (momentum) =>
    expectRule(
      rmsprop({ decay: 0.9, momentum, epsilon: 1e-3 }),
      decay,
      byRule(
        () => ({ v: 0, b: 0 }),
        (w, g, memory, rate) => {
          const slope = g + decay * w;
          memory.v = 0.9 * memory.v + 0.1 * slope * slope;
          memory.b = momentum * memory.b + slope / (Math.sqrt(memory.v) + 1e-3);
          return w - rate * memory.b;
        },
      ),
    ));
});

it("AdamW's first step goes the learning rate's length against the gradient's sign", async () => {
  const [after] = await byGraph(adamW(), 0);
  const expected = first.map((w, i) => w - 0.1 * Math.sign(steps[0].gradient[i]));
  expectClose(after, expected, { relative: 1e-5, ofLargest: 1e-6 }, "first step");
});
