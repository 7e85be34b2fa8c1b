import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { type Tensor, tensor, toNumbers } from "../../src/core/index.ts";
import { importTfjs, type TfjsModel } from "../../src/models/index.ts";
import { compile } from "../../src/runtime/index.ts";

interface Known {
  shape: number[];
  dtype: "float32" | "int32" | "bool";
  values: number[];
}

/** Small graphs, and what TensorFlow.js computes for them (tools/golden/tfjs.ts). */
interface Case {
  title: string;
  inputs: Record<string, Known>;
  weights: Record<string, Known>;
  nodes: TfjsModel["nodes"];
  outputs: string[];
  expected: { shape: number[]; values: number[] }[];
}

const cases = JSON.parse(readFileSync("test/golden/tfjs.json", "utf8")) as Case[];

const types = { float32: "DT_FLOAT", int32: "DT_INT32", bool: "DT_BOOL" } as const;

function modelOf({ inputs, weights, nodes, outputs }: Case): TfjsModel {
  const placeholders = Object.entries(inputs).map(([name, { shape, dtype }]) => ({
    name,
    op: "Placeholder",
    attr: { dtype: { type: types[dtype] }, shape: { shape: { dim: shape.map((size) => ({ size })) } } },
  }));
  const constants = Object.keys(weights).map((name) => ({ name, op: "Const" }));
  const known = Object.entries(weights).map(([name, { shape, dtype, values }]): [string, Tensor] => [
    name,
    tensor(values, shape, dtype === "int32" ? "int64" : dtype),
  ]);
  return {
    nodes: [...placeholders, ...constants, ...nodes],
    weights: new Map(known),
    outputs: Object.fromEntries(outputs.map((output, i) => [`result${i}`, output])),
    generatedBy: undefined,
  };
}

const toFirst = [0, 3, 1, 2];

/** Numbers of `[N, H, W, C]` as `[N, C, H, W]`. */
function channelsFirst(values: readonly number[], [n, h, w, c]: readonly number[]): number[] {
  const at = (i: number, k: number, y: number, x: number) => values[((i * h + y) * w + x) * c + k];
  const range = (count: number) => Array.from({ length: count }, (_, i) => i);
  return range(n).flatMap((i) =>
    range(c).flatMap((k) => range(h).flatMap((y) => range(w).map((x) => at(i, k, y, x)))),
  );
}

describe.each([false, true])("a TensorFlow.js graph, channels first: %s", (isFirst) => {
  it.each(cases.map((one) => [one.title, one] as const))("computes %s", async (_, one) => {
    const { outputs } = importTfjs(modelOf(one), { channelsFirst: isFirst });
    const program = await compile({ outputs });
    const turned = (shape: readonly number[]) => isFirst && shape.length === 4;
    const given = Object.entries(one.inputs).map(([name, { values, shape, dtype }]) => {
      const first = turned(shape);
      const numbers = first ? channelsFirst(values, shape) : values;
      return [name, tensor(numbers, first ? toFirst.map((axis) => shape[axis]) : shape, dtype)] as const;
    });
    const inputs = Object.fromEntries(given.filter(([name]) => program.inputNames.includes(name)));
    const results = await program.run(inputs);
    await program.release();
    for (const [i, { shape, values }] of one.expected.entries()) {
      const result = results[`result${i}`];
      const first = turned(shape);
      expect([...result.shape]).toEqual(first ? toFirst.map((axis) => shape[axis]) : shape);
      const expected = first ? channelsFirst(values, shape) : values;
      for (const [at, number] of toNumbers(result).entries()) {
        const tolerance = 1e-5 * Math.max(1, Math.abs(expected[at]));
        expect(Math.abs(number - expected[at]), `${at}: ${number}, ${expected[at]}`).toBeLessThan(tolerance);
      }
    }
  });
});

describe("GatherV2 with batch_dims", () => {
  const count = (shape: readonly number[]) => shape.reduce((product, size) => product * size, 1);
  const gatherOf = (x: number[], indices: number[], values: number[], axis: number, batch: number): Case => ({
    title: "",
    inputs: { x: { shape: x, dtype: "float32", values: [] } },
    weights: {
      at: { shape: indices, dtype: "int32", values },
      axis: { shape: [], dtype: "int32", values: [axis] },
    },
    nodes: [
      { name: "y", op: "GatherV2", input: ["x", "at", "axis"], attr: { batch_dims: { i: `${batch}` } } },
    ],
    outputs: ["y"],
    expected: [],
  });

  it.each([
    { x: [2, 3], indices: [2, 2], at: [2, 0, 1, 1], axis: 1, batch: 1, shape: [2, 2], values: [2, 0, 4, 4] },
    { x: [2, 3], indices: [2], at: [2, 0], axis: 1, batch: 1, shape: [2], values: [2, 3] },
    { x: [2, 3], indices: [2, 1], at: [2, 0], axis: -1, batch: -1, shape: [2, 1], values: [2, 3] },
    // Of each picture's two rows of three columns of two channels, one column.
    {
      x: [2, 2, 3, 2],
      indices: [2, 1],
      at: [1, 2],
      axis: 2,
      batch: 1,
      shape: [2, 2, 1, 2],
      values: [2, 3, 8, 9, 16, 17, 22, 23],
    },
    {
      x: [2, 2, 3],
      indices: [2, 2, 2],
      at: [0, 2, 1, 1, 2, 2, 0, 1],
      axis: 2,
      batch: 2,
      shape: [2, 2, 2],
      values: [0, 2, 4, 4, 8, 8, 9, 10],
    },
  ])("of $x at $indices along $axis, $batch of them", async ({
    x,
    indices,
    at,
    axis,
    batch,
    shape,
    values,
  }) => {
    const program = await compile(importTfjs(modelOf(gatherOf(x, indices, at, axis, batch))));
    const numbers = Array.from({ length: count(x) }, (_, i) => i);
    const { result0 } = await program.run({ x: tensor(numbers, x) });
    await program.release();
    expect({ shape: [...result0.shape], values: toNumbers(result0) }).toEqual({ shape, values });
  });

  it("is refused where the batches differ", () => {
    const model = modelOf(gatherOf([3, 3], [2, 2], [0, 1, 2, 0], 1, 1));
    expect(() => importTfjs(model)).toThrow(
      /GatherV2 \(node `y`\): batch_dims 1 for \[3,3\] at \[2,2\] is not/,
    );
  });
});
