import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { grad } from "../../src/autodiff/index.ts";
import { tensor, toNumbers } from "../../src/core/index.ts";
import { mul, openModel, reduceSum } from "../../src/graph/index.ts";
import { compile } from "../../src/runtime/index.ts";
import { expectClose } from "./closeness.ts";

/** What PyTorch computed from a net, in double precision: tools/golden/nets.py. */
interface Golden {
  x: number[];
  weights: number[];
  y: number[];
  gradients: Record<string, number[]>;
}

const folder = new URL("../golden/nets/", import.meta.url);
const close = { relative: 1e-3, ofLargest: 1e-4 };

describe.each(["residual", "depthwise", "u-shaped"])("a %s net as PyTorch's exporter writes it", (name) => {
  const golden: Golden = JSON.parse(readFileSync(new URL(`${name}.json`, folder), "utf8"));

  it("gives PyTorch's answer and its gradient by every parameter and by the input", async () => {
    const model = await openModel(new URL(`${name}.onnx`, folder).pathname);
    expect(model.inputs.x.dims.reduce((a, b) => a * b, 1)).toBe(golden.x.length);
    const { x } = model.inputs;
    const { y } = model.outputs;
    const learned = Object.keys(golden.gradients).filter((key) => key !== "x");
    const values = learned.map((key) => model.tensors.get(key)!);
    expect(values.every(Boolean), "parameters keep their names").toBe(true);
    const weights = model.graph.input("weights", y.dims);
    const gradients = grad(reduceSum(mul(y, weights), undefined, false), [x, ...values]);
    const outputs = Object.fromEntries(["x", ...learned].map((key, i) => [`d(${key})`, gradients[i]!]));
    const program = await compile({ outputs: { y, ...outputs }, threads: 1 });
    const results = await program.run({
      x: tensor(golden.x, x.dims),
      weights: tensor(golden.weights, y.dims),
    });
    await program.release();
    expectClose(toNumbers(results.y), golden.y, close, "y");
    for (const [key, expected] of Object.entries(golden.gradients)) {
      expectClose(toNumbers(results[`d(${key})`]), expected, close, `gradient by ${key}`);
    }
  });
});
