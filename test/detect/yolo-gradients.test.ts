import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Tensor } from "../../src/core/index.ts";
import { adamW, type Optimizer } from "../../src/nn/index.ts";
import { TrainingState, TrainingStep } from "../../src/train/index.ts";
import { buildYoloObjective, type YoloCase } from "../../tools/pytorch/case.ts";
import { yoloCases } from "./yolo-gradients.cases.ts";

interface Golden {
  parts: Record<string, number>;
  gradients: Record<string, number[]>;
  statistics: Record<string, number[]>;
  steps: [loss: number, gradientNorm: number][];
  averageNorms: Record<string, number>;
}

const golden: Record<string, Golden> = JSON.parse(
  readFileSync(new URL("../golden/yolo.json", import.meta.url), "utf8"),
);
const REFRESH = "where the net was changed, change tools/pytorch/yolo.py and refresh as its README.md says";

/** Changes nothing and remembers the gradient. */
const keepGradient: Optimizer = {
  name: "keep-gradient",
  slots: ["gradient"],
  scalars: (_, learningRate) => ({ learningRate }),
  update: ({ parameter, gradient }) => ({ parameter, slots: { gradient } }),
};

it("has PyTorch's values for exactly these cases", () => {
  expect(Object.keys(golden), REFRESH).toEqual(Object.keys(yoloCases));
});

describe.each(Object.entries(yoloCases))("training step, %s", (name, yoloCase) => {
  const { parts, gradients, statistics, steps, averageNorms } = golden[name];

  describe("gradients", () => {
    let step: TrainingStep;
    let state: TrainingState;
    let reports: Record<string, number>;

    beforeAll(async () => {
      ({ step, state } = await start(yoloCase, keepGradient));
      reports = await step.run(state, yoloCase.batch, { learningRate: 1, averageDecay: 0 });
      state.advance();
    });
    afterAll(() => step.release());

    it("has PyTorch's loss and parts", () => {
      for (const [part, value] of Object.entries(parts)) expectRelative(reports[part], value, 1e-4, part);
    });

    it("has PyTorch's gradient of every parameter", () => {
      const ours = collect(state, "gradient");
      expect([...ours.keys()].sort(), REFRESH).toEqual(Object.keys(gradients).sort());
      for (const [parameter, expected] of Object.entries(gradients)) {
        expectSameTensor(ours.get(parameter)!, expected, `∂loss/∂${parameter}`);
      }
    });

    it("has a gradient other than zero, but for maps finer than the finest grid", () => {
      const finest = Math.min(...yoloCase.config.grids.map(({ stride }) => stride));
      const unused = [8, 16, 32].filter((stride) => stride < finest).map((_, level) => `neck.${level}.`);
      for (const [parameter, values] of collect(state, "gradient")) {
        const zero = values.every((value) => value === 0);
        expect(zero, parameter).toBe(unused.some((prefix) => parameter.startsWith(prefix)));
      }
    });

    it("has PyTorch's running statistics after the step", () => {
      const ours = state.parameters("value");
      for (const [parameter, expected] of Object.entries(statistics)) {
        expectSameTensor(ours.get(parameter)!.data as Float32Array, expected, parameter);
      }
    });
  });

  describe("AdamW, clipping and averages", () => {
    it("takes the steps that PyTorch takes", async () => {
      const { averageDecay, learningRate, clipNorm, weightDecay } = yoloCase.recipe;
      const { step, state } = await start(yoloCase, adamW(), { clipNorm, weightDecay });
      for (const [i, [loss, norm]] of steps.entries()) {
        const reports = await step.run(state, yoloCase.batch, { learningRate, averageDecay });
        state.advance();
        expectRelative(reports.loss, loss, 1e-3, `loss of step ${i + 1}`);
        expectRelative(reports.gradientNorm, norm, 5e-3, `gradient norm of step ${i + 1}`);
      }
      for (const [parameter, { data }] of state.parameters("average")) {
        const norm = Math.hypot(...(data as Float32Array));
        expectRelative(norm, averageNorms[parameter], 1e-3, `norm of the average of ${parameter}`);
      }
      await step.release();
    });
  });
});

async function start(
  { config, batch, parameters }: YoloCase,
  optimizer: Optimizer,
  options: { clipNorm?: number; weightDecay?: number } = {},
) {
  const batchSize = batch.pictures.shape[0];
  const step = await TrainingStep.compile((scope) => buildYoloObjective(scope, config, batchSize), {
    optimizer,
    threads: 1,
    ...options,
  });
  return { step, state: TrainingState.start(step.groups, optimizer, parameters) };
}

/** An optimiser's slot by parameter. */
function collect({ groups, current }: TrainingState, slot: string): Map<string, Float32Array> {
  return new Map(
    groups.flatMap(({ role, slots }) => {
      const packed: Tensor | undefined = current[`${role}/${slot}`];
      return packed
        ? slots.map(({ name, offset, size }): [string, Float32Array] => [
            name,
            (packed.data as Float32Array).subarray(offset, offset + size),
          ])
        : [];
    }),
  );
}

/** Every element within 1e-3 of the tensor's largest. */
function expectSameTensor(actual: Float32Array, expected: readonly number[], what: string): void {
  expect(actual.length, `${what}: number of elements (${REFRESH})`).toBe(expected.length);
  const largest = Math.max(...expected.map(Math.abs));
  const apart = Math.max(...expected.map((value, i) => Math.abs(actual[i] - value)));
  expect(apart, `${what}: largest distance; the largest element is ${largest}`).toBeLessThanOrEqual(
    1e-3 * largest,
  );
}

function expectRelative(actual: number, expected: number, tolerance: number, what: string): void {
  const apart = Math.abs(actual - expected);
  expect(apart, `${what}: ${actual}, not ${expected}`).toBeLessThanOrEqual(tolerance * Math.abs(expected));
}
