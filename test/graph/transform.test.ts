import { describe, expect, it } from "vitest";
import { tensor } from "../../src/core/index.ts";
import {
  add,
  batchNormalization,
  compose,
  conv,
  cut,
  foldBatchNorm,
  freeze,
  Graph,
  mergeEqual,
  type Operator,
  orderedNodes,
  reshape,
  Transpose,
  thaw,
  transpose,
  type Value,
} from "../../src/graph/index.ts";
import { expectClose } from "./closeness.ts";
import { classifier, drawn, run } from "./small-classifier.ts";

const close = { relative: 1e-5, ofLargest: 1e-6 };
const typesOf = (value: Value) => orderedNodes([value]).map(({ operator }) => operator.opType);

describe("cut and compose", () => {
  it("take a net apart at a tensor and put it together again", async () => {
    const { y, features, random } = classifier();
    const picture = drawn(random, [1, 3, 8, 8]);
    const backbone = cut({ features });
    const head = cut({ y }, { features });
    expect(backbone.graph.inputs.map(({ name }) => name)).toEqual(["x"]);
    expect(head.graph.inputs.map(({ name }) => name)).toEqual(["features"]);
    const whole = await run({ y }, { x: picture });
    const middle = await run(backbone.outputs, { x: picture });
    const { data, shape } = middle.features;
    const end = await run(head.outputs, { features: tensor(data, shape) });
    expectClose(end.y.data, whole.y.data, close, "y");

    const joined = compose(head.outputs, new Map([[head.graph.inputs[0], backbone.outputs.features]]));
    expectClose((await run(joined.outputs, { x: picture })).y.data, whole.y.data, close, "y, joined");
  });

  it("expose an inner tensor beside the result", async () => {
    const { y, logits, random } = classifier();
    const both = await run(cut({ y, logits }).outputs, { x: drawn(random, [1, 3, 8, 8]) });
    const exps = Array.from(both.logits.data, Math.exp);
    const total = exps.reduce((a, b) => a + b);
    expectClose(
      both.y.data,
      exps.map((e) => e / total),
      close,
      "softmax of the logits",
    );
  });

  it("refuse to cut at a constant, and to join what does not fit", () => {
    const { y, g } = classifier();
    const w = orderedNodes([y])[0].inputs[1]!;
    expect(() => cut({ y }, { w })).toThrowError(/`w` is a constant/);
    const other = new Graph().input("bytes", [1, 3, 8, 8], "uint8");
    expect(() => compose({ y }, new Map([[g.inputs[0], other]]))).toThrowError(/does not fit input `x`/);
  });
});

describe("freeze and thaw", () => {
  it("turn constants into inputs and back, the net unchanged", async () => {
    const { y, random } = classifier();
    const picture = drawn(random, [1, 3, 8, 8]);
    const constants = orderedNodes([y]).flatMap((node) =>
      node.inputs.filter((input): input is Value => input?.name === "w1" || input?.name === "b3"),
    );
    const open = thaw({ y }, constants);
    expect(open.graph.inputs.map(({ name }) => name).sort()).toEqual(["b3", "w1", "x"]);
    const values = Object.fromEntries([...open.values].map(([{ name }, value]) => [name, value]));
    const whole = await run({ y }, { x: picture });
    expectClose((await run(open.outputs, { x: picture, ...values })).y.data, whole.y.data, close, "thawed");
    const shut = freeze(open.outputs, open.values);
    expect(shut.graph.inputs.map(({ name }) => name)).toEqual(["x"]);
    expectClose((await run(shut.outputs, { x: picture })).y.data, whole.y.data, close, "frozen");
    const [w1] = open.values.keys();
    expect(() => freeze(open.outputs, new Map([[w1, tensor([1])]]))).toThrowError(/its value float32 \[1\]/);
  });
});

describe("foldBatchNorm", () => {
  it("leaves the net's answers and none of the normalisations", async () => {
    const { y, random } = classifier();
    const picture = drawn(random, [1, 3, 8, 8]);
    const folded = foldBatchNorm({ y });
    expect(typesOf(y)).toContain("BatchNormalization");
    expect(typesOf(folded.outputs.y)).not.toContain("BatchNormalization");
    expect(typesOf(folded.outputs.y).filter((type) => type === "Conv")).toHaveLength(1);
    const [before, after] = [await run({ y }, { x: picture }), await run(folded.outputs, { x: picture })];
    expectClose(after.y.data, before.y.data, close, "y");
  });

  it("keeps one whose convolution something else reads, too", () => {
    const g = new Graph();
    const x = g.input("x", [1, 1, 4]);
    const one = (value: number) => g.constant(tensor([value]));
    const a = conv(x, g.constant(tensor([2], [1, 1, 1])));
    const n = batchNormalization(a, one(1), one(0), one(0), one(1));
    expect(typesOf(foldBatchNorm({ n, a }).outputs.n)).toContain("BatchNormalization");
  });
});

describe("mergeEqual", () => {
  const count = (value: Value, operator: Operator) =>
    orderedNodes([value]).filter((node) => node.operator === operator).length;

  it("computes once what is asked for twice, and tells attributes and inputs apart", async () => {
    const g = new Graph();
    const x = g.input("x", [2, 3]);
    const y = add(add(transpose(x, [1, 0]), transpose(x, [1, 0])), reshape(x, [3, 2]));
    const z = add(y, transpose(transpose(y, [1, 0]), [1, 0]));
    const { outputs } = mergeEqual({ z });
    expect(count(z, Transpose)).toBe(4);
    expect(count(outputs.z, Transpose)).toBe(3);
    const feeds = { x: tensor([1, 2, 3, 4, 5, 6], [2, 3]) };
    expect(await run(outputs, feeds)).toEqual(await run({ z }, feeds));
  });
});
