import { describe, expect, it } from "vitest";
import { grad } from "../../src/autodiff/index.ts";
import { Random, toNumbers } from "../../src/core/index.ts";
import { importModel, reduceSum, summarize } from "../../src/graph/index.ts";
import { DESCRIPTOR_SIZE, openReadyDescriber } from "../../src/models/index.ts";
import { compile } from "../../src/runtime/index.ts";
import { useTemporaryCache } from "./temporary-cache.ts";

useTemporaryCache();

describe("a converted model", () => {
  it("opens like any other file, and has a gradient", async () => {
    const { bytes } = await openReadyDescriber("face-descriptor");
    const shape = [1, 3, DESCRIPTOR_SIZE, DESCRIPTOR_SIZE];
    const { inputs, outputs, metadata } = importModel(bytes, { shapes: { pictures: shape } });
    expect(metadata["fovea.task"]).toBe('"describe"');
    const { parameters } = summarize(Object.values(outputs));
    expect(parameters).toBeGreaterThan(5e6);

    const sum = reduceSum(outputs.descriptors, undefined, false);
    const [dx] = grad(sum, [inputs.pictures]);
    const program = await compile({ outputs: { sum, dx: dx! } });
    const random = new Random(8);
    const data = Float32Array.from({ length: 3 * DESCRIPTOR_SIZE ** 2 }, () => random.uniform(90, 160));
    const at = async (values: Float32Array) => {
      const { sum, dx } = await program.run({ pictures: { dtype: "float32", shape, data: values } });
      return { sum: toNumbers(sum)[0], dx: Float32Array.from(dx.data as Float32Array) };
    };
    const { dx: slope } = await at(data);
    // Along its own gradient the sum changes by the gradient's square, times the step.
    const square = slope.reduce((total, value) => total + value * value, 0);
    expect(square).toBeGreaterThan(0);
    const step = 0.02 / Math.sqrt(square);
    const [up, down] = [
      await at(data.map((x, i) => x + step * slope[i])),
      await at(data.map((x, i) => x - step * slope[i])),
    ];
    expect((up.sum - down.sum) / (2 * step * square)).toBeCloseTo(1, 1);
    await program.release();
  });
});
