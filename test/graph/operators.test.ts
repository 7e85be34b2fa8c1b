import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { grad } from "../../src/autodiff/index.ts";
import type { Tensor } from "../../src/core/index.ts";
import type { Value } from "../../src/graph/index.ts";
import { compile, type Program, type Tensors } from "../../src/runtime/index.ts";
import { operatorCases } from "./cases.ts";
import { expectClose } from "./closeness.ts";
import { centralDifferences } from "./finite-differences.ts";
import { instantiate, weightedSum, weightedSumOf } from "./operator-case.ts";

interface Golden {
  outputs: { shape: number[]; values: number[] }[];
  gradients: Record<string, number[]>;
}

const golden: Record<string, Golden> = JSON.parse(
  readFileSync(new URL("../golden/operators.json", import.meta.url), "utf8"),
);
const REFRESH = "where a case was added or changed, refresh the golden values as tools/golden/README.md says";

/** The derivative of a cut-off path is not what differences measure. */
const cutOff = new Set(["stopGradient of one factor"]);

it("names each case once, and has golden values for exactly these", () => {
  const names = operatorCases.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  expect(Object.keys(golden).sort(), REFRESH).toEqual([...names].sort());
});

describe.each(operatorCases)("$name", (operatorCase) => {
  const instance = instantiate(operatorCase);
  const { feeds, inputs, outputs, weights, differentiated } = instance;
  let forward: Program;
  let backward: Program | undefined;
  let results: Tensor[];

  const outputsOf = (tensors: Tensors): Tensor[] => outputs.map((_, i) => tensors[`y${i}`]);

  beforeAll(async () => {
    const named = Object.fromEntries(outputs.map((output, i) => [`y${i}`, output]));
    forward = await compile({ outputs: named, threads: 1 });
    results = outputsOf(await forward.run(feeds)).map(({ dtype, shape, data }) => ({
      dtype,
      shape,
      data: data.slice(),
    }));
    if (differentiated.length === 0) return;
    const gradients = grad(
      weightedSum(instance),
      differentiated.map((name) => inputs[name]),
    );
    const byName: Record<string, Value> = {};
    for (const [i, name] of differentiated.entries()) {
      expect(gradients[i]?.shape, `∂loss/∂${name}`).toEqual(inputs[name].shape);
      byName[`d_${name}`] = gradients[i]!;
    }
    backward = await compile({ outputs: byName, threads: 1 });
  });

  afterAll(async () => {
    await forward.release();
    await backward?.release();
  });

  it("infers the shapes and types that ONNX Runtime computes", () => {
    for (const [i, { shape, dtype }] of outputs.entries()) {
      expect(results[i].dtype).toBe(dtype);
      expect(results[i].shape).toEqual(
        shape.map((dim, axis) => (typeof dim === "number" ? dim : results[i].shape[axis])),
      );
    }
  });

  it("computes what PyTorch computes", () => {
    for (const [i, { shape, values }] of golden[operatorCase.name].outputs.entries()) {
      expect(results[i].shape).toEqual(shape);
      expectClose(results[i].data, values, { relative: 1e-3, ofLargest: 1e-5 }, `output ${i} (${REFRESH})`);
    }
  });

  it.runIf(differentiated.length > 0)("has PyTorch's gradients", async () => {
    const gradients = await backward!.run(feeds);
    for (const name of differentiated) {
      const expected = golden[operatorCase.name].gradients[name];
      expectClose(
        gradients[`d_${name}`].data,
        expected,
        { relative: 1e-3, ofLargest: 1e-5, absolute: 1e-6 },
        `∂loss/∂${name}`,
      );
    }
  });

  it.runIf(differentiated.length > 0 && !cutOff.has(operatorCase.name))(
    "has the gradients that finite differences measure",
    async () => {
      const gradients = await backward!.run(feeds);
      for (const name of differentiated) {
        const measured = await centralDifferences(feeds[name], async (moved) =>
          weightedSumOf(outputsOf(await forward.run({ ...feeds, [name]: moved })), weights),
        );
        expectClose(
          gradients[`d_${name}`].data,
          measured,
          { relative: 0, ofLargest: 1e-2, absolute: 1e-4 },
          `∂loss/∂${name}`,
        );
      }
    },
  );
});
