import { describe, expect, it } from "vitest";
import { grad } from "../../src/autodiff/index.ts";
import { Random, sizeOf, type Tensor, toNumbers } from "../../src/core/index.ts";
import {
  add,
  averagePool,
  batchNormalization,
  batchNormalizationTraining,
  conv,
  encodeModel,
  Graph,
  leakyRelu,
  mul,
  orderedNodes,
  reduceMean,
  reduceSum,
  relu,
  sigmoid,
  type Value,
} from "../../src/graph/index.ts";
import { channelBlock } from "../../src/runtime/blocked-layout.ts";
import { compile, Program } from "../../src/runtime/index.ts";
import { layOutForCpu } from "../../src/runtime/lay-out.ts";
import { expectClose } from "../graph/closeness.ts";

/** Inputs of a net by name, each drawn at random. */
class Inputs {
  readonly graph = new Graph();
  readonly feeds: Record<string, Tensor> = {};
  readonly values: Value[] = [];
  readonly #random = new Random(11);

  draw(shape: readonly number[], scale = 1): Value {
    const name = `input${this.values.length}`;
    const data = Float32Array.from({ length: sizeOf(shape) }, () => scale * this.#random.normal());
    this.feeds[name] = { dtype: "float32", shape, data };
    const value = this.graph.input(name, shape);
    this.values.push(value);
    return value;
  }

  convolved(x: Value, outChannels: number, kernel: readonly number[], options = {}): Value {
    const padding = kernel.map((size) => size >> 1);
    const w = this.draw([outChannels, x.dims[1], ...kernel], 0.1);
    return conv(x, w, undefined, { padding, ...options });
  }

  normed(x: Value): Value {
    const { y } = batchNormalizationTraining(x, this.draw([x.dims[1]]), this.draw([x.dims[1]]));
    return y;
  }
}

const nets: Record<string, (inputs: Inputs) => Value> = {
  "convolutions, norms and a residual": (inputs) => {
    const x = relu(inputs.normed(inputs.convolved(inputs.draw([4, 3, 12, 12]), 16, [3, 3])));
    const inner = relu(inputs.normed(inputs.convolved(x, 16, [3, 3])));
    return relu(add(inputs.normed(inputs.convolved(inner, 16, [3, 3])), x));
  },
  "depthwise and pointwise convolutions": (inputs) => {
    const x = relu(inputs.convolved(inputs.draw([3, 3, 12, 12]), 32, [3, 3]));
    const w = inputs.draw([32, 1, 3, 3], 0.3);
    const deep = relu(inputs.normed(conv(x, w, undefined, { padding: 1, groups: 32 })));
    return relu(inputs.normed(inputs.convolved(deep, 16, [1, 1])));
  },
  "a gate and a slope that booleans choose": (inputs) => {
    const x = leakyRelu(inputs.convolved(inputs.draw([4, 16, 10, 10]), 16, [3, 3]), 0.1);
    const gate = sigmoid(inputs.convolved(x, 16, [3, 3]));
    return inputs.convolved(mul(x, gate), 16, [3, 3], { stride: 2 });
  },
  "norms by given statistics": (inputs) => {
    const x = inputs.convolved(inputs.draw([4, 16, 10, 10]), 16, [3, 3]);
    const variance = mul(inputs.draw([16]), inputs.draw([16]));
    const y = batchNormalization(
      x,
      inputs.draw([16]),
      inputs.draw([16]),
      inputs.draw([16]),
      add(mul(variance, variance), 1),
    );
    return inputs.convolved(relu(y), 16, [3, 3]);
  },
  "a branch that needs the plain map": (inputs) => {
    const x = relu(inputs.convolved(inputs.draw([4, 16, 10, 10]), 16, [3, 3]));
    const pooled = averagePool(x, { kernelSize: 3, stride: 1, padding: 1 });
    return inputs.convolved(add(pooled, x), 32, [3, 3]);
  },
  "a map's convolution and its rows' mean's": (inputs) => {
    const x = relu(inputs.convolved(inputs.draw([4, 16, 16, 16]), 16, [3, 3]));
    return relu(add(inputs.convolved(x, 16, [3, 3]), inputs.convolved(reduceMean(x, [2]), 16, [1, 3])));
  },
  sequences: (inputs) => {
    const x = relu(inputs.normed(inputs.convolved(inputs.draw([16, 1, 40]), 16, [7])));
    return relu(inputs.normed(inputs.convolved(x, 32, [5])));
  },
  volumes: (inputs) => {
    const x = relu(inputs.normed(inputs.convolved(inputs.draw([2, 1, 6, 7, 8]), 16, [3, 3, 3])));
    return relu(inputs.convolved(x, 16, [3, 3, 3]));
  },
};

function build(net: (inputs: Inputs) => Value): { inputs: Inputs; outputs: Record<string, Value> } {
  const inputs = new Inputs();
  const y = net(inputs);
  const loss = reduceSum(mul(y, inputs.draw(y.dims)), undefined, false);
  const wanted = inputs.values.slice(0, -1);
  const gradients = grad(loss, wanted);
  const named = wanted.map((value, i) => [`by ${value.name}`, gradients[i]!] as const);
  return { inputs, outputs: { loss, ...Object.fromEntries(named) } };
}

describe.each(Object.keys(nets))("%s", (name) => {
  it("give what they give without blocks", async () => {
    const { inputs, outputs } = build(nets[name]);
    const laidOut = await compile({ outputs, threads: 1 });
    const plain = await Program.load(encodeModel({ outputs, shapes: false }), { threads: 1 });
    const [results, expected] = [await laidOut.run(inputs.feeds), await plain.run(inputs.feeds)];
    for (const key of Object.keys(outputs)) {
      expect(results[key].shape).toEqual(expected[key].shape);
      const close = { relative: 1e-3, ofLargest: 1e-4 };
      expectClose(toNumbers(results[key]), toNumbers(expected[key]), close, key);
    }
    await Promise.all([laidOut.release(), plain.release()]);
  });

  it("never leave blocks to enter them again", async () => {
    const { outputs } = build(nets[name]);
    const laidOut = layOutForCpu(outputs, (await channelBlock()) || 16);
    const detours = orderedNodes(Object.values(laidOut)).filter(
      ({ operator, inputs }) =>
        operator.opType === "ReorderInput" && inputs[0]?.producer?.operator.opType === "ReorderOutput",
    );
    expect(detours).toEqual([]);
  });
});
